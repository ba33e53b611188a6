"""Which filings speak of one thing, and how hot it is. Pure: no database, and nothing of who filed.

Likeness of two texts is the cosine of their pairs of characters weighted by rarity, idf(g) = ln((N + n) / (1 + n_g)),
N = 1,000 so that a few filings already weigh as many would.
Named firms, estates and roads in common speak for one matter, different ones against it; so do near and far places.

    p(same) = 1 / (1 + e^-z),  z = -3.2 + 7·likeness + names + place
    names   = 2.2 a firm in common, 1.5 an estate, 0.5 a road; 0 none to compare; -2.5 different ones of one kind
    place   = 1 in one village or within 500 m; 0.3 in one township with a name in common, or with a firm in
              common; else -2.5

A filing goes to the group with which p is at least one half on average (average link), else it waits alone.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import nlargest, nsmallest
from itertools import pairwise
from math import cos, exp, hypot, log, radians, sqrt

METRES_PER_DEGREE = 111_320.0
READ = 300  # characters of the body that are read
PRIOR = 1000  # filings as if there were so many more, none of which has the pair
RARE = 40  # of a text's pairs, those looked up
WIDEST = 400  # filings that may share a pair before it says nothing
CANDIDATES = 12
COMPARED = 15  # members of a group that a new filing is held against: the newest
NEAR = 500.0  # metres
EVEN = 0.5  # p from which on two are taken for one
WEEK = timedelta(days=7)

_KINDS = {
    "firm": r"公司|集团|厂|超市|饭店|酒店|机构|健身房|理发店|培训班|幼儿园|学校|小学|中学|医院",
    "estate": r"(?:小区|花园|家园|公寓|新城|新村|[苑府湾庭])(?:[一二三四五六七八九]期)?",
    "road": r"大道|路|街|巷",
}
_NAMED = {kind: re.compile(rf"[\u4e00-\u9fff]{{2,6}}?(?:{ends})") for kind, ends in _KINDS.items()}
_NOISE = re.compile(r"^.*(?:我们|住在|位于|来电|反映|市民|业主|居民|这个|的|在|到|是|和|与|被|给|去)")
WEIGHTS = {"firm": 2.2, "estate": 1.5, "road": 0.5}
DIFFERENT = -2.5
OWN = 2  # characters before the ending that must agree


@dataclass(frozen=True)
class Item:
    """One filing as grouping looks at it."""

    pk: int
    number: str
    title: str
    detail: str
    path: tuple[int, ...]  # divisions from the city down to where it lies
    lon: float | None
    lat: float | None
    at: datetime
    pairs: frozenset[str] = field(init=False)
    names: dict[str, frozenset[str]] = field(init=False)

    def __post_init__(self) -> None:
        text = f"{self.title} {self.detail[:READ]}"
        object.__setattr__(self, "pairs", frozenset(map("".join, pairwise(text))))
        object.__setattr__(self, "names", named(text))


@dataclass(frozen=True)
class Same:
    """How sure it is that two filings speak of one thing, and why."""

    other: Item
    share: float
    why: dict[str, str]


def named(text: str) -> dict[str, frozenset[str]]:
    """The firms, estates and roads that a text names."""
    found = {kind: {_NOISE.sub("", name) for name in wanted.findall(text)} for kind, wanted in _NAMED.items()}
    return {kind: frozenset(name for name in names if len(name) > OWN) for kind, names in found.items()}


def _alike(one: str, other: str) -> bool:
    """Whether two names are one, with other words before it perhaps: the end of one is the whole of the other."""
    return one.endswith(other) or other.endswith(one)


def common_names(a: Item, b: Item) -> tuple[float, str, str]:
    """(weight, kind, name) of the first kind of which both name one; a weight below 0 where they name others."""
    told = 0.0
    for kind in _NAMED:
        mine, theirs = a.names[kind], b.names[kind]
        shared = [min(x, y, key=len) for x in mine for y in theirs if _alike(x, y)]
        if shared:
            return WEIGHTS[kind], kind, max(shared, key=len)
        if mine and theirs:
            told = DIFFERENT
    return told, "", ""


def metres(a: Item, b: Item) -> float | None:
    """The distance on the ground; None without two points."""
    if a.lon is None or a.lat is None or b.lon is None or b.lat is None:
        return None
    return hypot((a.lon - b.lon) * cos(radians(a.lat)), a.lat - b.lat) * METRES_PER_DEGREE


class Held:
    """Filings in memory, found by the rare pairs of characters that they share."""

    def __init__(self) -> None:
        self.items: dict[int, Item] = {}
        self.having: defaultdict[str, list[int]] = defaultdict(list)

    def add(self, item: Item) -> None:
        """Takes a filing in; one that is there already stays as it is."""
        if item.pk not in self.items:
            self.items[item.pk] = item
            for pair in item.pairs:
                self.having[pair].append(item.pk)

    def keep(self, pks: Collection[int]) -> None:
        """Forgets all filings but these."""
        kept = [item for item in self.items.values() if item.pk in pks]
        if len(kept) < len(self.items):
            self.items.clear()
            self.having.clear()
            for item in kept:
                self.add(item)

    def near(self, item: Item) -> list[Same]:
        """The filings most like one, the likeliest first."""
        found: defaultdict[int, float] = defaultdict(float)
        for pair in nsmallest(RARE, item.pairs, key=lambda pair: len(self.having.get(pair, ()))):
            having = self.having.get(pair, ())
            if len(having) <= WIDEST:
                weight = self._weight(pair)
                for pk in having:
                    found[pk] += weight
        found.pop(item.pk, None)
        close = nlargest(CANDIDATES, found.items(), key=lambda entry: (entry[1], entry[0]))
        return sorted((self.same(item, self.items[pk]) for pk, _ in close), key=lambda one: -one.share)

    def same(self, item: Item, other: Item) -> Same:
        """How sure it is that two filings speak of one thing."""
        alike, apart = self._alike(item, other), metres(item, other)
        names, kind, name = common_names(item, other)
        depth = sum(x == y for x, y in zip(item.path, other.path, strict=False))
        in_village = depth >= 4 or (apart is not None and apart <= NEAR)
        place = 1.0 if in_village else 0.3 if (name and depth >= 3) or kind == "firm" else -2.5
        z = -3.2 + 7 * alike + names + place
        return Same(other, 1 / (1 + exp(-z)), _why(alike, name, apart, in_village))

    def _weight(self, pair: str) -> float:
        return log((PRIOR + len(self.items)) / (1 + len(self.having.get(pair, ())))) ** 2

    def _alike(self, item: Item, other: Item) -> float:
        sizes = [sqrt(sum(map(self._weight, one.pairs))) for one in (item, other)]
        shared = sum(map(self._weight, item.pairs & other.pairs))
        return shared / (sizes[0] * sizes[1]) if sizes[0] and sizes[1] else 0.0


def _why(alike: float, name: str, apart: float | None, in_village: bool) -> dict[str, str]:
    zh, en = [f"文字相近 {alike:.0%}"], [f"words alike {alike:.0%}"]
    if name:
        zh.insert(0, f"都提到“{name}”")
        en.insert(0, f"both name “{name}”")
    if apart is not None:
        zh.append(f"相距 {apart:.0f} 米")
        en.append(f"{apart:.0f} m apart")
    elif in_village:
        zh.append("同一村（社区）")
        en.append("same village")
    return {"zh": "，".join(zh), "en": ", ".join(en)}


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
        """Puts a filing to its group, or to a new one with another that stood alone; the group, or None."""
        self.held.add(item)
        if item.pk in self.of:
            return self.of[item.pk]
        best: tuple[float, Same] | None = None
        tried: set[int] = set()
        for same in self.held.near(item):
            group = self.of.get(same.other.pk, -same.other.pk)
            if group not in tried:
                tried.add(group)
                mean = self._mean(item, same)
                if mean >= EVEN and (best is None or mean > best[0]):
                    best = mean, same
        return self._take(item, *best) if best else None

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


def headline(held: Held, items: Sequence[Item]) -> str:
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
