"""Same matter or not, for two filings: ten and some figures, weights set by hand or learnt, and the reasons. Pure.

Each figure lies between 0 and 1. idf(g) = ln((1,000 + n) / (1 + n_g)), n filings held, n_g of them with the gram g: a
thousand filings are assumed that have none of the grams, so that it works from the first filing on.

    title      cosine of the grams of the two titles, weighted by idf        whole   … of title and body
    cover      how much of the grams of one title the other text has: the lower of the two ways
    rare       shared grams that one in a hundred has or fewer: Σ idf / 100, at most 1
    passage    share of the runs of six units of the shorter text that the longer has: copied text
    named      a firm, an estate or a house of public use in common          road    a road in common
    numbered   a numbered thing in common (bus 12, building 3, line 7)
    differ     each title names a firm, estate, house, road or area that the other text has nowhere: ½ if only one does;
               or both texts name firms, and none in common
    otherwise  the same of numbered things
    near       1 at one point, falling to 0 at the distance within which filings are looked for. Where a point is
               missing, the shared steps of the two paths down to the village, ½ at least where one path ends within
               the other, ½ where nothing is known
    elsewhere  1 if both places are known and near is 0 by points, or the villages differ, unless a firm is shared, or
               a house or an estate within one township
    days       ln(1 + days between) / ln(1 + 365), at most 1
    category   of the same category                                          reporter   from the same reporter
    copied     passage · the greater of differ and elsewhere: the same wording about another place

    P(same) = 1 / (1 + e^-(bias + Σ weight · figure))

`Model()` has weights set by hand. `learn` moves them as far as what people said of pairs warrants: the most probable
weights where each weight is expected at its hand-set value, give or take 1 (ridge towards it). With few pairs they stay
where they are; with many they are those of a logistic regression, whose probabilities are calibrated.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import cos, hypot, log1p, radians
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from onedoor.triage import names
from onedoor.triage.grams import grams, units

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Rarity = Callable[[Ints], Floats]  # buckets of grams → idf

PRIOR = 1000.0
READ_TITLE, READ = 200, 800  # characters that are read
RARE, RARE_ENOUGH, YEAR = 0.01, 100.0, 365.0
METRES_PER_DEGREE = 111_320.0
TOWNSHIP, VILLAGE = 3, 4  # divisions from the city down to it: city, county, township, village
VERSION = 1
WEIGHTS: Mapping[str, float] = {
    "bias": -5.5, "title": 3.0, "whole": 6.0, "cover": 1.5, "rare": 2.0, "passage": 1.0, "named": 1.5, "road": 0.5,
    "numbered": 0.5, "differ": -2.0, "otherwise": -0.5, "near": 1.5, "elsewhere": -7.0, "days": -1.0, "category": 0.8,
    "reporter": 0.5, "copied": -6.0,
}  # fmt: skip
FIGURES = tuple(WEIGHTS)[1:]
SPREAD = 1.0  # how far from its hand-set value a weight is expected
PROPER = 5  # characters: shorter ones are mostly the name of a trade
PLACE_ENDS = frozenset("省市区县镇乡村路街道巷号")
OWNED = ("firm", "estate", "house")
PLACED = (*OWNED, "road", "area")


@dataclass(frozen=True)
class Filed:
    """One filing as far as it is compared. `reporter` is opaque, empty if unknown, and only compared for equality."""

    title: str
    detail: str
    day: float = 0.0  # days since any fixed moment
    category: str = ""
    path: tuple[int, ...] = ()  # divisions from the city down to where it lies, as far as is known
    lon: float | None = None
    lat: float | None = None
    reporter: str = field(default="", repr=False)


class Text:
    """A filing that was read once: its grams and names. Reads the first 800 characters of the body."""

    def __init__(self, filed: Filed) -> None:
        self.filed = filed
        title = units(filed.title[:READ_TITLE])
        read = np.concatenate([title, np.zeros(1, np.uint64), units(filed.detail[:READ])])
        self.title, _ = grams(title, (2,))
        self.whole, self.often = grams(read, (2,))
        self.six, _ = grams(read, (6,))

    @cached_property
    def named(self) -> names.Named:
        """What it names."""
        return names.read(self.filed.title[:READ_TITLE], self.filed.detail[:READ])


def prior(buckets: Ints) -> Floats:
    """The idf before any filing is held: all grams are equally rare."""
    return np.full(len(buckets), np.log(PRIOR))


@dataclass(frozen=True)
class Compared:
    """The figures of a pair, in the order of `FIGURES`, and what the reasons are made of."""

    figures: tuple[float, ...]
    metres: float | None
    days: float
    names: frozenset[str]
    differing: tuple[frozenset[str], frozenset[str]]

    def __getitem__(self, name: str) -> float:
        return self.figures[FIGURES.index(name)]


def metres(a: Filed, b: Filed) -> float | None:
    """The distance on the ground, by the plane that touches at `a`; None without two points."""
    if a.lon is None or a.lat is None or b.lon is None or b.lat is None:
        return None
    return hypot((a.lon - b.lon) * cos(radians(a.lat)), a.lat - b.lat) * METRES_PER_DEGREE


def compare(a: Text, b: Text, rarity: Rarity = prior, within: float = 500.0) -> Compared:
    """The figures of two filings; `within` is the distance in metres at which nearness is nothing."""
    idf, other = rarity(a.whole), rarity(b.whole)
    _, left, right = np.intersect1d(a.whole, b.whole, assume_unique=True, return_indices=True)
    weight = idf[left]
    one, two = a.often * idf, b.often * other
    whole = _share(float(one[left] @ two[right]), float(np.sqrt((one @ one) * (two @ two))))
    title, cover = _titles(a, b, rarity)
    rare = float(weight[weight > -np.log(RARE)].sum()) / RARE_ENOUGH
    passage = _share(len(np.intersect1d(a.six, b.six, assume_unique=True)), min(len(a.six), len(b.six)))
    found = {kind: names.compare(a.named, b.named, kind) for kind in names.ALL_KINDS}
    differ = 1.0 if _other_firms(a, b) else _differ([found[kind] for kind in PLACED])
    far, days = metres(a.filed, b.filed), abs(a.filed.day - b.filed.day)
    steps, firm = _steps(a.filed.path, b.filed.path), _own(found["firm"].shared, a, b)
    near = _near(a.filed, b.filed, far, within)
    elsewhere = float(_apart(a.filed, b.filed, far, within) and not (
        firm or ((found["estate"].shared or found["house"].shared) and steps >= TOWNSHIP)
    ))  # fmt: skip
    figures = {
        "title": title, "whole": whole, "cover": cover, "rare": min(1.0, rare), "passage": passage,
        "named": float(bool(firm or found["estate"].shared or found["house"].shared)),
        "road": float(bool(found["road"].shared)),
        "numbered": float(bool(found[names.NUMBER].shared)), "differ": differ,
        "otherwise": _differ([found[names.NUMBER]]), "near": near, "elsewhere": elsewhere,
        "days": min(1.0, log1p(days) / log1p(YEAR)),
        "category": float(bool(a.filed.category) and a.filed.category == b.filed.category),
        "reporter": float(bool(a.filed.reporter) and a.filed.reporter == b.filed.reporter),
        "copied": passage * max(differ, elsewhere),
    }  # fmt: skip
    told = frozenset(name for kind in (*OWNED, "road") for name in found[kind].shared)
    lost = tuple(frozenset(x for kind in PLACED for x in found[kind].missing[side]) for side in (0, 1))
    return Compared(tuple(figures[name] for name in FIGURES), far, days, told, (lost[0], lost[1]))


def _titles(a: Text, b: Text, rarity: Rarity) -> tuple[float, float]:
    one, two = rarity(a.title), rarity(b.title)
    _, left, _ = np.intersect1d(a.title, b.title, assume_unique=True, return_indices=True)
    cosine = _share(float(one[left] @ one[left]), float(np.sqrt((one @ one) * (two @ two))))
    covered = [_share(float(weight[np.isin(x.title, y.whole, assume_unique=True)].sum()), float(weight.sum()))
               for x, y, weight in ((a, b, one), (b, a, two))]  # fmt: skip
    return cosine, min(covered)


def _share(part: float, whole: float) -> float:
    return min(1.0, part / whole) if whole > 0 else 0.0


def _differ(found: Sequence[names.Compared]) -> float:
    """1 if in some kind each title misses the other's names; ½ if one does, and nothing of that kind is shared."""
    if any(one.differ for one in found):
        return 1.0
    return 0.5 if any((one.missing[0] or one.missing[1]) and not one.shared for one in found) else 0.0


def _own(shared: frozenset[str], a: Text, b: Text) -> frozenset[str]:
    """The shared names that one firm alone has: no trade, in a title, and after a road (X路养生馆) the same one."""
    titles = a.named.title.get("firm", names.NONE) | b.named.title.get("firm", names.NONE)
    proper = (name for name in shared & titles if len(name) >= PROPER and not name.endswith("物业"))
    return frozenset(name for name in proper if _before(name, a) & _before(name, b))


def _before(name: str, text: Text) -> set[str]:
    """What stands before a name, three characters where they end in a kind of place, else nothing."""
    found, at = set(), text.named.text.find(name)
    while at >= 0:
        ahead = text.named.text[max(0, at - 3) : at]
        found.add(ahead if ahead[-1:] in PLACE_ENDS else "")
        at = text.named.text.find(name, at + 1)
    return found


def _other_firms(a: Text, b: Text) -> bool:
    """Whether both name firms, and none in common."""
    one, other = a.named.whole.get("firm", names.NONE), b.named.whole.get("firm", names.NONE)
    return bool(one and other) and not _own(one & other, a, b)


def _steps(one: Sequence[int], other: Sequence[int]) -> int:
    """How many divisions two paths share from the city down."""
    return next(
        (n for n, (x, y) in enumerate(zip(one, other, strict=False)) if x != y), min(len(one), len(other))
    )


def _near(a: Filed, b: Filed, far: float | None, within: float) -> float:
    if far is not None:
        return max(0.0, 1 - far / within)
    steps, shorter = _steps(a.path, b.path), min(len(a.path), len(b.path))
    shared = max(0.0, min(1.0, (steps - 1) / (VILLAGE - 1)))
    return max(0.5, shared) if steps == shorter else shared


def _apart(a: Filed, b: Filed, far: float | None, within: float) -> bool:
    """Whether both places are known, and are two."""
    if far is not None:
        return far >= within
    steps = _steps(a.path, b.path)
    return steps < min(len(a.path), len(b.path), VILLAGE)


class Model:
    """Weights, and what they make of a pair."""

    def __init__(self, weights: Mapping[str, float] = WEIGHTS, pairs: int = 0) -> None:
        """`pairs`: how many judgements the weights were learnt from. Raises ValueError where a weight is missing."""
        if set(weights) != set(WEIGHTS) or not all(np.isfinite(value) for value in weights.values()):
            raise ValueError("the weights are not those of this version")
        self.weights = dict(weights)
        self.pairs = pairs
        self._bias = weights["bias"]
        self._vector = tuple(weights[name] for name in FIGURES)

    def probability(self, compared: Compared) -> float:
        """How probable it is that the two are one matter."""
        z = self._bias + sum(map(float.__mul__, self._vector, compared.figures))
        return float(1 / (1 + np.exp(-z)))

    def why(self, compared: Compared) -> dict[str, str]:
        """The reasons in words, the weightiest first."""
        return reasons(compared)

    def learn(self, judged: Iterable[tuple[Compared, bool]]) -> Model:
        """A model that also heeds what people said of pairs: the same matter, or not."""
        rows = list(judged)
        if not rows:
            return self
        table = np.array([(1.0, *compared.figures) for compared, _ in rows])
        sign = np.where([same for _, same in rows], 1.0, -1.0)
        expected = np.array(list(WEIGHTS.values()))

        def loss(weights: Floats) -> tuple[float, Floats]:
            margin = sign * (table @ weights)
            away = (weights - expected) / SPREAD**2
            wrong = 1 / (1 + np.exp(np.clip(margin, -500, 500)))
            return (
                float(np.logaddexp(0, -margin).sum() + (weights - expected) @ away / 2),
                away - table.T @ (sign * wrong),
            )

        found = minimize(loss, expected, jac=True, method="L-BFGS-B").x
        return Model(dict(zip(WEIGHTS, map(float, found), strict=True)), len(rows))

    def to_bytes(self) -> bytes:
        """As JSON."""
        body = {"version": VERSION, "pairs": self.pairs, "weights": self.weights}
        return json.dumps(body, sort_keys=True).encode()

    @classmethod
    def from_bytes(cls, body: bytes) -> Model:
        """What `to_bytes` wrote. Raises ValueError where it is of another version, or broken."""
        try:
            held: dict[str, Any] = json.loads(body)
            if held["version"] != VERSION:
                raise ValueError(f"version {held['version']!r}, not {VERSION}")
            return cls({name: float(value) for name, value in held["weights"].items()}, int(held["pairs"]))
        except (KeyError, TypeError, AttributeError, UnicodeDecodeError) as broken:
            raise ValueError("not a model of pairs") from broken


def reasons(compared: Compared) -> dict[str, str]:
    """What speaks for one matter and what against, in words: distance, names, wording, days, reporter."""
    told: list[tuple[str, str]] = []
    if compared.metres is not None:
        told.append((f"相距 {compared.metres:.0f} 米", f"{compared.metres:.0f} m apart"))
    if compared.names:
        name = max(compared.names, key=lambda name: (len(name), name))
        told.append((f"都提到“{name}”", f"both name “{name}”"))
    if all(compared.differing):
        one, other = (min(side, key=lambda name: (-len(name), name)) for side in compared.differing)
        told.append((f"一处是“{one}”，一处是“{other}”", f"one names “{one}”, the other “{other}”"))
    told.append((f"文字相近 {compared['whole']:.0%}", f"words alike {compared['whole']:.0%}"))
    if compared["passage"] > 0.5:
        told.append(("有整段相同的文字", "whole passages are the same"))
    if compared["reporter"]:
        told.append(("同一反映人", "the same reporter"))
    days = f"{compared.days:.0f}"
    told.append((f"相隔 {days} 天", f"{days} {'day' if days == '1' else 'days'} between them"))
    return {"zh": "，".join(zh for zh, _ in told), "en": ", ".join(en for _, en in told)}
