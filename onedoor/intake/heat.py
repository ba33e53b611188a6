"""Which filings speak of one thing, and how hot it is. Pure: no database, and nothing of who filed.

Filings worth comparing are found by `triage.candidates`, and how probable it is that two speak of one thing is said by
`triage.pairs`, as at the door. A filing goes to the group with which that is at least a third on average (average
link), else to another that stands alone, else it waits. When all are grouped anew, groups that are the same on average
become one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from onedoor.triage.candidates import Index
from onedoor.triage.pairs import Model, Text, compare

CANDIDATES = 12
UNITED = 5  # members of a group that are held against those of another: the newest
COMPARED = 15  # members of a group that a new filing is held against: the newest
NEAR = 500.0  # metres
TOGETHER = 1 / 3  # the mean probability from which on filings are one group: see docs/triage.md
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Item:
    """One filing as grouping looks at it."""

    pk: int
    number: str
    at: datetime
    text: Text

    @property
    def title(self) -> str:
        """Its title."""
        return self.text.filed.title


@dataclass(frozen=True)
class Same:
    """How probable it is that two filings speak of one thing, and why."""

    other: Item
    share: float
    why: dict[str, str]


class Held:
    """Filings in memory, found by what they share and compared by a model."""

    def __init__(self, model: Model | None = None) -> None:
        self.items: dict[int, Item] = {}
        self.index = Index()
        self.model = model or Model()

    def add(self, item: Item) -> None:
        """Takes a filing in; one that is there already stays as it is."""
        if item.pk not in self.items:
            self.items[item.pk] = item
            self.index.add(str(item.pk), item.text.filed)

    def keep(self, pks: Collection[int]) -> None:
        """Forgets all filings but these."""
        for pk in [pk for pk in self.items if pk not in pks]:
            del self.items[pk]
            self.index.remove(str(pk))

    def near(self, item: Item) -> list[Same]:
        """The filings most like one, the likeliest first."""
        close = [int(near.number) for near in self.index.nearest(item.text.filed, CANDIDATES + 1)]
        found = [self.same(item, self.items[pk]) for pk in close if pk != item.pk]
        return sorted(found, key=lambda one: -one.share)

    def same(self, item: Item, other: Item) -> Same:
        """How probable it is that two filings speak of one thing."""
        compared = compare(item.text, other.text, self.index.rarity, NEAR)
        return Same(other, self.model.probability(compared), self.model.why(compared))


class Groups:
    """Filings in groups of two or more, as they come one by one."""

    def __init__(self, held: Held, told: dict[frozenset[str], bool]) -> None:
        """`told`: what people said of pairs of numbers, same or not; it stands above every reckoning."""
        self.held, self.told = held, told
        self.of: dict[int, int] = {}  # filing → group
        self.members: dict[int, list[int]] = {}
        self.why: dict[int, tuple[float, dict[str, str]]] = {}
        self.next = 1

    def put(self, item: Item) -> int | None:
        """Puts a filing to its group, else to a new one with another that stood alone; the group, or None."""
        self.held.add(item)
        if item.pk in self.of:
            return self.of[item.pk]
        best: tuple[tuple[bool, float], Same] | None = None  # a group goes before a filing that stands alone
        tried: set[int] = set()
        for same in self.held.near(item):
            group = self.of.get(same.other.pk, -same.other.pk)
            if group not in tried:
                tried.add(group)
                mean = self._mean(item, same)
                if mean >= TOGETHER and (best is None or (group > 0, mean) > best[0]):
                    best = (group > 0, mean), same
        return self._take(item, best[0][1], best[1]) if best else None

    def _mean(self, item: Item, same: Same) -> float:
        """The average probability with all of a group; 0 where somebody told one of them apart from it."""
        group = self.of.get(same.other.pk)
        pks = self.members[group] if group else [same.other.pk]
        others = [self.held.items[pk] for pk in pks if pk in self.held.items]
        if any(self._said(item, other) is False for other in others):
            return 0.0
        shares = [
            1.0 if self._said(item, other) else self.held.same(item, other).share
            for other in others[-COMPARED:]
        ]
        return 1.0 if any(self._said(item, other) for other in others) else sum(shares) / len(shares)

    def _said(self, one: Item, other: Item) -> bool | None:
        return self.told.get(frozenset((one.number, other.number)))

    def unite(self) -> None:
        """Makes one of two groups where their filings are the same on average, until there are no such two."""
        todo = sorted(self.members)
        while todo:
            group = todo.pop()
            best = max(
                ((self._between(group, other), -other) for other in self._beside(group)), default=(0.0, 0)
            )
            if best[0] >= TOGETHER:
                kept, gone = sorted((group, -best[1]))
                self.members[kept] += self.members.pop(gone)
                self.of |= dict.fromkeys(self.members[kept], kept)
                todo = [*(key for key in todo if key not in (kept, gone)), kept]

    def _beside(self, group: int) -> set[int]:
        """The other groups with a filing that is like one of the newest of this group."""
        newest = [self.held.items[pk] for pk in self.members[group][-UNITED:] if pk in self.held.items]
        found = {self.of.get(same.other.pk, group) for item in newest for same in self.held.near(item)}
        return found - {group}

    def _between(self, one: int, other: int) -> float:
        """The average probability between the newest of two groups; 0 where somebody told two of them apart."""
        sides = [
            [self.held.items[pk] for pk in self.members[key] if pk in self.held.items] for key in (one, other)
        ]
        said = [self._said(a, b) for a in sides[0] for b in sides[1]]
        if False in said or True in said:
            return float(False not in said)
        shares = [self.held.same(a, b).share for a in sides[0][-UNITED:] for b in sides[1][-UNITED:]]
        return sum(shares) / len(shares) if shares else 0.0

    def _take(self, item: Item, mean: float, same: Same) -> int:
        group = self.of.get(same.other.pk)
        if group is None:
            group, self.next = self.next, self.next + 1
            self.members[group] = [same.other.pk]
            self.of[same.other.pk] = group
            self.why[same.other.pk] = mean, {"zh": "本组由它起", "en": "the group began with it"}
        self.members[group].append(item.pk)
        self.of[item.pk] = group
        self.why[item.pk] = mean, same.why
        return group


def headline(items: Sequence[Item]) -> str:
    """The title among those of a group that is most like all the others; the shorter, the older, where that ties."""
    if not items:
        return ""
    titles = [frozenset(map("".join, pairwise(item.title))) for item in items]
    counts = Counter(pair for title in titles for pair in title)
    weighed = [
        (sum(counts[pair] for pair in title) / (len(title) + 4), -item.at.timestamp(), item.title)
        for title, item in zip(titles, items, strict=True)
    ]
    return max(weighed)[2]


@dataclass(frozen=True)
class Told:
    """When and where one filing of a group came in, and opaque tokens of who brought it, held only while counting."""

    at: datetime
    township: int
    tokens: frozenset[str]


@dataclass(frozen=True)
class Heat:
    """What can be counted of a group, and its index with the formula in words."""

    matters: int
    households: int
    lately: int  # households that spoke within the last seven days
    before: int  # … within the seven days before these
    townships: int

    @property
    def index(self) -> int:
        """households + 2 · households of the last seven days + 3 · further townships."""
        return self.households + 2 * self.lately + 3 * max(0, self.townships - 1)

    @property
    def trend(self) -> str:
        """rising, steady, falling or quiet: households of the last seven days against the seven days before."""
        if not self.lately:
            return "quiet"
        return "rising" if self.lately > self.before else "falling" if self.lately < self.before else "steady"

    @property
    def why(self) -> dict[str, str]:
        """The index as it was reckoned."""
        far = max(0, self.townships - 1)
        sums = f"{self.households} + 2 × {self.lately} + 3 × {far} = {self.index}"
        return {
            "zh": f"户数 + 2 × 近七日户数 + 3 × 多涉及的乡镇（街道）数：{sums}",
            "en": f"households + 2 × households of the last 7 days + 3 × further townships: {sums}",
        }


def heat(told: Iterable[Told], now: datetime) -> Heat:
    """Counts a group. Who spoke twice is one household; a filing that staff made is none."""
    rows = list(told)
    return Heat(
        len(rows), _households(rows),
        _households([row for row in rows if now - row.at <= WEEK]),
        _households([row for row in rows if WEEK < now - row.at <= 2 * WEEK]),
        len({row.township for row in rows}),
    )  # fmt: skip


def _households(rows: Sequence[Told]) -> int:
    return len(frozenset().union(*(row.tokens for row in rows)))


def weeks(told: Sequence[Told], now: datetime, most: int = 12) -> list[int]:
    """How many filings of a group came in each of the last weeks, the oldest first."""
    counts = Counter(int((now - row.at) / WEEK) for row in told)
    return [counts[ago] for ago in range(most - 1, -1, -1)]
