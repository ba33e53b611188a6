"""The centres of the city's places, for distances between them."""

from __future__ import annotations

from math import cos, radians
from typing import Literal, cast

import shapely

from onedoor.city.rules import Role
from onedoor.city.shapes import shapes

METRES = 111_320.0  # of a degree of latitude

Level = Literal["township", "village", "grid"]


def centres(level: Level) -> dict[str, tuple[float, float]]:
    """Code → centre, in metres on a plane (good within a city); without places that have no outline. Raises NoCity."""
    found = {
        shape.node.code: shapely.from_geojson(shape.geometry).centroid
        for shape in shapes(cast("Role", level))
    }
    if not found:
        return {}
    middle = sum(point.y for point in found.values()) / len(found)
    return {
        code: (point.x * METRES * cos(radians(middle)), point.y * METRES) for code, point in found.items()
    }
