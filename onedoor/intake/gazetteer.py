"""From the text of an address or a complaint to the division it names. Pure: no Django, no database.

1. Every division is known by its full name and the short forms people use: 岗坡村民委员会 is also 岗坡村 and 岗坡.
2. The text is read once from left to right; at every place the longest known name is taken.
3. A full name counts by itself. A short one counts where it stands next to another name of its own line
   （钜桥岗坡）, or where it ends as village names do (张庄); 广场 or 光明 alone are words, not places. A short
   name that runs on into a road or river （长江路, 淇河） is that road or river.
4. Every division named is tried as the answer: the others that lie above it speak for it. The one most is said
   for wins, then the deepest, then the first named.
5. Where the same name means several places, and nothing else in the text decides, the answer is the division
   that all of them lie in, with the places as candidates; if that is the whole city, there is no answer, only
   candidates for the clerk. The city's own name alone is no place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# What a name may end with, and what people say instead; the longest first.
ENDINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("社区居民委员会", ("社区居民委员会", "社区居委会", "社区")),
    ("村民委员会", ("村民委员会", "村委会", "村")),
    ("居民委员会", ("居民委员会", "居委会", "社区")),
    ("街道办事处", ("街道办事处", "街道办", "街道")),
    ("街道", ("街道办事处", "街道办", "街道")),
    ("社区", ("社区居民委员会", "社区居委会", "社区")),
    ("片区", ("片区",)),
    ("村委会", ("村民委员会", "村委会", "村")),
    ("市", ("市",)),
    ("区", ("区",)),
    ("县", ("县",)),
    ("镇", ("镇",)),
    ("乡", ("乡",)),
    ("村", ("村民委员会", "村委会", "村")),
)
VILLAGE_LIKE = frozenset("村庄屯寨营楼岗洼堡坊堤垱铺峪坡窑")  # a short name ending so is a place, not a word
SIDES = frozenset("东西南北前后大小上下新老")  # 西张庄 is not 张庄
NO_NAMES = frozenset("前后于和来")  # 后村 is mostly found in 以后村里, 于村 in 位于村北
RUNS_ON = frozenset("路街巷道河")  # 长江路 is a road ...
BUT_NOT = frozenset(
    {"路灯", "路面", "路口", "路边", "路段", "道路", "街道", "街上", "路上", "河道"}
)  # ... 张庄路灯 is not
NEAR = 2  # characters that may stand between two names of one line
FULL, SHORT = 2, 1


@dataclass(frozen=True, slots=True)
class Place:
    """A division as the gazetteer needs it; the top of the tree has no parent."""

    code: str
    name: str
    parent_code: str | None = None
    level: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """Where a text says it is, in which words, and why in both languages (`why["zh"]`, `why["en"]`).

    With `candidates` several places fit and nothing decides: `code` is then the division that all of them lie
    in, or None if that is the whole city.
    """

    code: str | None
    words: tuple[str, ...]
    candidates: tuple[str, ...]
    why: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Name:
    """A known name: the divisions it may mean, and whether it counts by itself."""

    codes: tuple[str, ...]
    full: bool
    village: bool  # ends as village names do


@dataclass(frozen=True, slots=True)
class _Match:
    start: int
    word: str
    name: _Name
    weight: int

    @property
    def end(self) -> int:
        return self.start + len(self.word)


class Gazetteer:
    """The names of a city's divisions. `aliases` (estate, road or school → division code) count as full names."""

    def __init__(self, places: Iterable[Place], aliases: Iterable[tuple[str, str]] = ()) -> None:
        """Raises ValueError for a parent or an alias whose division is not among the places."""
        divisions = {row.code: row for row in places}
        self._titles = {code: row.name for code, row in divisions.items()}
        self._paths = {code: _path(code, divisions) for code in divisions}
        self._path_sets = {code: frozenset(path) for code, path in self._paths.items()}
        self._names = _names(divisions, aliases)
        heads: dict[str, list[str]] = {}
        for word in self._names:
            heads.setdefault(word[:2], []).append(word)
        self._heads = {head: sorted(words, key=len, reverse=True) for head, words in heads.items()}

    def find(self, text: str, *, address: str = "") -> Named | None:
        """The place a text names, or None where it names none but perhaps the city ("no place yet").

        `address` is what stands in a field for the address alone: there short names count wherever they stand.
        """
        said = self._matches(address, 0)
        matches = said + self._that_count(self._matches(text, len(address)))
        weights: dict[tuple[str, ...], int] = {}
        for match in matches:
            weights[match.name.codes] = max(weights.get(match.name.codes, 0), match.weight)
        worth: dict[str, tuple[int, int, int]] = {}
        for match in matches:
            for code in match.name.codes:
                if code not in worth:
                    worth[code] = (self._support(code, weights), len(self._paths[code]), -match.start)
        best = max(worth.values(), default=(0, 0, 0))
        if best[0] < (SHORT if said else FULL):
            return None
        return self._named([code for code in worth if worth[code] == best], matches)

    def _support(self, code: str, said: dict[tuple[str, ...], int]) -> int:
        """How much the names in the text speak for this division: each that may mean it or lies above it."""
        path = self._path_sets[code]
        return sum(weight for codes, weight in said.items() if not path.isdisjoint(codes))

    def _matches(self, text: str, offset: int) -> list[_Match]:
        """Known names in the text from left to right, the longest at each place; `offset` counts what is before."""
        found: list[_Match] = []
        heads, at, last = self._heads, 0, len(text) - 1
        while at < last:
            for word in heads.get(text[at : at + 2], ()):
                if text.startswith(word, at):
                    if not self._runs_on(text, at, word):
                        weight = self._weight(text, at, word)
                        found.append(_Match(offset + at, word, self._names[word], weight))
                    at += len(word) - 1
                    break
            at += 1
        return found

    def _runs_on(self, text: str, at: int, word: str) -> bool:
        """True where a short name is only the beginning of a road or river."""
        after = text[at + len(word) : at + len(word) + 2]
        runs_on = after[:1] in RUNS_ON and after not in BUT_NOT and after not in self._heads
        return runs_on and not self._names[word].full

    def _weight(self, text: str, at: int, word: str) -> int:
        name = self._names[word]
        other_village = name.village and text[max(at - 1, 0) : at] in SIDES
        no_name = len(word) == 2 and word[0] in NO_NAMES
        return FULL if (name.full or name.village) and not (other_village or no_name) else SHORT

    def _that_count(self, matches: list[_Match]) -> list[_Match]:
        """Names that count by themselves, and short ones next to a name of their own line."""
        return [
            match
            for i, match in enumerate(matches)
            if match.weight == FULL
            or (i > 0 and self._side_by_side(matches[i - 1], match))
            or (i + 1 < len(matches) and self._side_by_side(match, matches[i + 1]))
        ]

    def _side_by_side(self, upper: _Match, lower: _Match) -> bool:
        """True where `lower` follows closely and lies in `upper`: addresses go from large to small."""
        near = lower.start - upper.end <= NEAR
        return near and any(
            above != code and above in self._path_sets[code]
            for above in upper.name.codes
            for code in lower.name.codes
        )

    def _named(self, winners: list[str], matches: list[_Match]) -> Named | None:
        """The answer in words; None where nothing but the city was named."""
        code = self._common(winners)
        if code is None and len(winners) == 1:
            return None
        line = frozenset[str]().union(*(self._path_sets[winner] for winner in winners))
        words = tuple(dict.fromkeys(match.word for match in matches if not line.isdisjoint(match.name.codes)))
        zh, en = "文中提到" + "".join(f"「{word}」" for word in words), f"names {', '.join(words)}"
        if len(winners) == 1:
            return Named(code, words, (), {"zh": zh, "en": en})
        titles = [self._title(winner) for winner in winners]
        zh += f"，可能是{len(winners)}处：{'、'.join(titles)}"
        en += f", which fits {len(winners)} places: {', '.join(titles)}"
        return Named(code, words, tuple(winners), {"zh": zh, "en": en})

    def _title(self, code: str) -> str:
        """The names from below the city down to the division."""
        path = self._paths[code]
        return "".join(self._titles[above] for above in path[1:] or path)

    def _common(self, codes: list[str]) -> str | None:
        """The deepest division that all of them lie in (or are), unless that is the city itself."""
        common = self._paths[codes[0]]
        for code in codes[1:]:
            common = tuple(a for a, b in zip(common, self._paths[code], strict=False) if a == b)
        return common[-1] if len(common) > 1 else None


def forms(name: str) -> dict[str, bool]:
    """What a division of this name may be called → whether that is a full name. The short name has no ending."""
    for ending, said in ENDINGS:
        short = name[: -len(ending)]
        if name.endswith(ending) and short:
            full = {short + other: True for other in said}
            return {**full, name: True, **({short: False} if len(short) >= 2 and short not in full else {})}
    return {name: True} if len(name) >= 2 else {}


def _names(divisions: Mapping[str, Place], aliases: Iterable[tuple[str, str]]) -> dict[str, _Name]:
    full: dict[str, set[str]] = {}
    short: dict[str, set[str]] = {}
    for code, row in divisions.items():
        for word, is_full in forms(row.name).items():
            (full if is_full else short).setdefault(word, set()).add(code)
    for word, code in aliases:
        if code not in divisions:
            raise ValueError(f"{word} is said to lie in {code}, which is no division here")
        full.setdefault(word, set()).add(code)
    return {
        word: _Name(
            codes=tuple(sorted(full.get(word, set()) | short.get(word, set()))),
            full=word in full,
            village=word[-1] in VILLAGE_LIKE,
        )
        for word in {**full, **short}
    }


def _path(code: str, divisions: Mapping[str, Place]) -> tuple[str, ...]:
    """Codes from the top down to the division."""
    path = [code]
    while parent := divisions[path[-1]].parent_code:
        if parent not in divisions or parent in path:
            raise ValueError(f"{path[-1]} lies in {parent}, which is no division above it")
        path.append(parent)
    return tuple(reversed(path))
