"""Whole stories, told by the same code in cities of different shape."""
