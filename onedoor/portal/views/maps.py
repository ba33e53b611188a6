"""The addresses of the map's outlines, which the board serves."""

from __future__ import annotations

from django.urls import reverse

from onedoor.city.queries import tree


def versioned(name: str) -> str:
    """One layer in today's revision of the city, so that a telephone keeps it until the city changes."""
    return f"{reverse('board:shapes', args=[name])}?r={tree().revision}"
