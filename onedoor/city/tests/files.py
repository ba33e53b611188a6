"""Files for the tests of the loaders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from shapely.geometry import box

from onedoor.city.loaders import Options
from onedoor.kernel.actor import Actor

SYSTEM = Actor.system("test")
COUNTY = box(114.2, 35.6, 114.5, 35.9)
VILLAGE = "419801002001"


def options(**chosen: Any) -> Options:
    """How a loader is called by the system."""
    return Options(SYSTEM, **chosen)


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """A file with this text."""
    path.write_bytes(text.encode(encoding))
    return path
