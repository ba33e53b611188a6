"""The shape file of a synthetic city (`cities/<key>/city.yaml`): all in which one such city differs."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from onedoor.city.rules import CityProfile, Title
from onedoor.kernel import packs

CITIES = Path(__file__).resolve().parent / "cities"

Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Kind(_Part):
    """A kind of division of one level, such as 街道 or 专属网格, and how many households such a one has."""

    title: Title
    type: str  # how divisions.csv spells it
    start: Count | None = None  # first running number in codes; absent: shares one numbering with the others
    names: str | None = None  # deck of names; absent: named by number within the parent
    within: dict[str, float] = {}  # kind of parent → how much of it each gets, relative to the others
    scattered: bool = False  # anywhere in the parent, and a parent may have none
    households: tuple[int, int] = (0, 0)
    subjects: tuple[str, ...] = ()  # what an exclusive grid is drawn around


class Layer(_Part):
    """How the divisions of one level of the profile are made: their codes and their kinds."""

    code: str = ""  # composition rule: {parent} and the running number {n}, as Python formats them
    focus: float = 0  # how much denser the middle of the parent is cut
    kinds: dict[str, Kind]  # from the middle of the parent outwards


class Area(_Part):
    """A division of the first level below the city: given by name, with how many of everything it holds."""

    code: str
    name: str
    en: str
    kind: str
    at: tuple[float, float]  # its middle, as shares of the extent from the south-west corner
    counts: dict[str, dict[str, Count]]  # level → kind → how many


class Posts(_Part):
    """A kind of post: so many people per unit, or so many for every division of a level."""

    role: str
    unit: str  # a unit kind, or `departments`
    count: Count = 1
    each: str | None = None  # a level: every division of it needs `count` of them
    covers: Count = 1  # how many neighbouring divisions one person looks after
    gap: Share = 0  # share of these divisions that have nobody


class Land(_Part):
    """Where the city lies (WGS84 degrees): south-west corner, extent, unevenness of its outline."""

    origin: tuple[float, float]
    extent: tuple[float, float]
    wobble: Share = 0.15


class City(_Part):
    """The city itself: top of the tree."""

    code: str
    name: str
    en: str
    valid_from: date


class CityShape(_Part):
    """A whole shape file."""

    profile: CityProfile
    seed: int
    city: City
    land: Land
    layers: dict[str, Layer]  # for every level of the profile below the city, top down
    areas: Annotated[list[Area], Field(min_length=2)]
    units: dict[str, dict[str, Count]]  # level → unit kind → how many in every division of the level
    unit_names: dict[str, str] = {}  # unit kind → how such units are called here, where unlike elsewhere
    posts: list[Posts]
    turnover: Share = 0  # share of posts that had somebody else before

    @model_validator(mode="after")
    def _names_fit(self) -> Self:
        keys = [level.key for level in self.profile.levels]
        if list(self.layers) != keys[1:]:
            raise ValueError(f"layers must describe the levels {keys[1:]}, in that order")
        unknown = {*self.units, *(posts.each for posts in self.posts if posts.each)} - set(keys)
        if unknown:
            raise ValueError(f"no such level: {', '.join(sorted(unknown))}")
        for area in self.areas:
            self._check_area(area, keys[2:])
        return self

    def _check_area(self, area: Area, levels: list[str]) -> None:
        if area.kind not in next(iter(self.layers.values())).kinds:
            raise ValueError(f"{area.name}: its level has no kind {area.kind!r}")
        if list(area.counts) != levels:
            raise ValueError(f"{area.name} must give counts for the levels {levels}, in that order")
        for level in levels:
            unknown = set(area.counts[level]) - set(self.layers[level].kinds)
            if unknown:
                raise ValueError(f"{area.name}: level {level} has no kind {', '.join(sorted(unknown))}")

    @property
    def grid_count(self) -> int:
        """How many divisions the deepest level has."""
        deepest = self.profile.levels[-1].key
        return sum(sum(area.counts[deepest].values()) for area in self.areas)


def cities() -> list[str]:
    """Keys of the cities that ship with the house."""
    return sorted(file.parent.name for file in CITIES.glob("*/city.yaml"))


def read_shape(key: str) -> CityShape:
    """The shape of a shipped city. Raises FaultyFile (file, line, hint), or ValueError for an unknown key."""
    if key not in cities():
        raise ValueError(f"no city called {key!r}; there are {', '.join(cities())}")
    return packs.shape(packs.read(CITIES / key / "city.yaml"), CityShape)
