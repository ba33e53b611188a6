"""The outlines of the map as bytes: written once per revision of the city, packed once, named by their digest."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from onedoor.city.rules import Role
from onedoor.city.shapes import Shape, shapes
from onedoor.city.tree import Tree, tree

OUTLINE = "outline"  # counties and townships together, whose names the map writes
BORDERS: tuple[Role, ...] = ("county", "township")


@dataclass(frozen=True)
class Layer:
    """A GeoJSON collection, plain and packed, and the name of this version of it."""

    plain: bytes
    packed: bytes
    digest: str


_held: dict[str, tuple[Tree, Layer]] = {}


def layer(name: str) -> Layer:
    """The places of one level (county, township, village, grid), or the `outline` of all that have names on the map."""
    places = tree()
    kept = _held.get(name)
    if kept is None or kept[0] is not places:
        kept = _held[name] = (places, _written(_features(name)))
    return kept[1]


def _features(name: str) -> Iterable[str]:
    if name != OUTLINE:
        return [_feature(shape, name) for shape in shapes(_role(name))]
    first, second = (shapes(role) for role in BORDERS)
    told = [_feature(shape, "county") for shape in first]
    return told if second is first else [*told, *(_feature(shape, "township") for shape in second)]


def _role(name: str) -> Role:
    roles: dict[str, Role] = {
        "county": "county",
        "township": "township",
        "village": "village",
        "grid": "grid",
    }
    return roles[name]


def _feature(shape: Shape, level: str) -> str:
    told = json.dumps({"code": shape.node.code, "name": shape.node.name, "level": level}, ensure_ascii=False)
    return f'{{"type":"Feature","properties":{told},"geometry":{shape.geometry}}}'


def _written(features: Iterable[str]) -> Layer:
    plain = f'{{"type":"FeatureCollection","features":[{",".join(features)}]}}'.encode()
    return Layer(plain, gzip.compress(plain, 6, mtime=0), hashlib.sha256(plain).hexdigest()[:20])
