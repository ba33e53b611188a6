"""What the components of a page are given, made out of what queries found. Nothing here decides anything."""
