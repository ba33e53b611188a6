"""OneDoor · 一门: one door in, one matter done once, and the resident has the last word."""

from __future__ import annotations

__version__ = "0.1.0"
