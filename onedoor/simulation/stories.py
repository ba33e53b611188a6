"""Stories of a demo city (`stories.yaml`): one thing that many tell of across townships, and that is handled jointly.

Everything goes through the door and the actions: residents file, each in her own words; at night the filings are
grouped; a coordinator finds them as one hot group and takes them into one joint handling.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from onedoor.city.tree import tree
from onedoor.intake import hot, together
from onedoor.intake.models import HotMember
from onedoor.kernel import packs, time
from onedoor.kernel.problems import Problem
from onedoor.matters.models import Matter
from onedoor.simulation.cast import Cast
from onedoor.simulation.filing import Filer, Told
from onedoor.simulation.voices import Telling, Trouble, trouble

CHANNELS = ("web", "hotline", "counter")
HOURS = (8, 20)  # between which people speak up
EVENING = 21
Count = Annotated[int, Field(ge=1)]


class Story(BaseModel):
    """One story of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    category: str
    firm: str
    households: Count
    townships: Count
    days: tuple[Count, Count]
    together: Count
    reason: str
    tellings: Annotated[tuple[tuple[str, str, str], ...], Field(min_length=1)]


@cache
def stories() -> tuple[Story, ...]:
    """All stories. Raises FaultyFile for a file of another shape."""
    source = packs.read(Path(__file__).resolve().parent / "stories.yaml")
    return tuple(packs.shape(source, Story, {"key": key, **data}, [key]) for key, data in source.data.items())


class Stories:
    """The stories of one life."""

    def __init__(self, filer: Filer, cast: Cast, seed: int) -> None:
        self.filer, self.cast, self.seed = filer, cast, seed
        self.waiting: list[tuple[date, Story]] = []  # evenings on which a story is taken together

    def begin(self, first: date, days: int) -> Iterator[tuple[datetime, Told]]:
        """What is told when, in a life of so many days; a story that is longer than the life is left out."""
        end = first + timedelta(days=days)
        for story in stories():
            if story.days[0] <= days:
                self.waiting.append((end - timedelta(days=story.together), story))
                yield from self._told(story, end)

    def _told(self, story: Story, end: date) -> Iterator[tuple[datetime, Told]]:
        rng = Random(f"story {self.seed} {story.key}")
        kind = next(kind for kind in self.filer.kinds if kind.category == story.category)
        tellings = tuple(Telling(*telling) for telling in story.tellings)
        grids = self._grids(story, rng)
        span = story.days[0] - story.days[1]
        for number in range(story.households):
            grid = grids[number % len(grids)]
            ago = story.days[0] - round(span * number / max(1, story.households - 1))
            what = trouble(rng, kind, tellings, self.filer.places(rng, grid))
            what = Trouble(kind, tellings, {**what.slots, "company": story.firm})
            told = self.filer.told(
                rng, what, grid, self.filer.geography.point_in(grid, rng), rng.choice(CHANNELS)
            )
            yield _moment(end - timedelta(days=ago), rng), replace(told, story=story.key)

    def _grids(self, story: Story, rng: Random) -> list[str]:
        """A grid in each of so many townships of the first county."""
        places, by_township = tree(), defaultdict(list)
        grids = [places.by_code[code] for code in self.filer.geography.grids()]
        county = min(places.county(grid.id).code for grid in grids)
        for grid in grids:
            township = places.ancestor(grid.id, "township")
            if places.county(grid.id).code == county and township is not None:
                by_township[township.code].append(grid.code)
        chosen = rng.sample(sorted(by_township), min(story.townships, len(by_township)))
        return [rng.choice(by_township[township]) for township in chosen]

    def evening(self, day: date) -> list[str]:
        """Groups all filings where a story is due, and takes it together; the numbers that were joined."""
        joined = []
        for when, story in self.waiting:
            if when == day:
                with time.at(_at(day, EVENING)):
                    joined += self._together(story)
        return joined

    def _together(self, story: Story) -> list[str]:
        """The coordinator of the county finds the group that most of the filings are in, and joins its open ones."""
        hot.rebuild()
        told = HotMember.objects.filter(matter__detail__contains=story.firm, matter__is_open=True)
        groups = Counter(told.values_list("group_id", flat=True))
        if not groups:
            return []
        [(group, _)] = groups.most_common(1)
        master = Matter.objects.filter(hot__group=group, is_open=True).order_by("pk")[0]
        county = tree().county(master.division_id).id
        coordinator = self.cast.over_place(Random(story.key), "coordinator", county)
        if coordinator is None:
            return []
        try:
            return list(together.join_all(coordinator, group, master.number, story.reason).joined)
        except Problem:
            return []


def _moment(day: date, rng: Random) -> datetime:
    return _at(day, rng.randrange(*HOURS)) + timedelta(seconds=rng.randrange(3600))


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, datetime.min.time(), time.CITY_ZONE) + timedelta(hours=hour)
