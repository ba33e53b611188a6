"""Invented names for a synthetic city: places, housing estates, roads and people.

The building blocks are data (`cities/words.yaml`). Everything is drawn from shuffled decks with a seed, so
that a city keeps its names from run to run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import product
from pathlib import Path
from random import Random

from onedoor.kernel import packs

WORDS_FILE = Path(__file__).resolve().parent / "cities" / "words.yaml"
DIGITS = "零一二三四五六七八九"


@cache
def words(key: str) -> tuple[str, ...]:
    """The words of one list of `cities/words.yaml`."""
    return tuple(packs.read(WORDS_FILE).data[key].split())


class Names:
    """Decks of names for one city; every draw takes the next cards."""

    def __init__(self, seed: int) -> None:
        rng = Random(f"names {seed}")
        towns = _shuffled(rng, map("".join, product(words("town_first"), words("town_last"))))
        good, phases = words("good_words"), ("", *words("phases"))
        estate_first, estate_last = words("estate_first"), words("estate_last")
        self._decks = {
            "subdistrict": _shuffled(rng, [f"{word}{end}街道" for word in good for end in ("", "路")]),
            "town": (f"{name}镇" for name in towns),
            "township": (f"{name}乡" for name in towns),
            "community": _shuffled(rng, map("".join, product(good, words("community_ends")))),
            "village": _villages(rng),
            "estate": _shuffled(rng, map("".join, product(estate_first, estate_last, phases))),
            "road": _shuffled(rng, map("".join, product(good, words("road_ends")))),
        }

    def draw(self, deck: str, count: int) -> list[str]:
        """The next `count` names of a deck. Raises ValueError when the deck has run out or does not exist."""
        if deck not in self._decks:
            raise ValueError(f"there is no deck of names called {deck!r}; there are {', '.join(self._decks)}")
        drawn = [card for _, card in zip(range(count), self._decks[deck], strict=False)]
        if len(drawn) < count:
            raise ValueError(f"the deck {deck!r} has run out of names")
        return drawn


def _shuffled(rng: Random, names: Iterable[str]) -> Iterator[str]:
    cards = list(dict.fromkeys(names))
    rng.shuffle(cards)
    return iter(cards)


def _villages(rng: Random) -> Iterator[str]:
    """Village names: mostly surname and ending, a third with a side; about one in thirty appears twice."""
    plain = [f"{a}{b}" for a, b in product(words("surnames"), words("village_ends"))]
    sided = [rng.choice(words("sides")) + name for name in rng.sample(plain, len(plain) // 2)]
    cards = [name if name.endswith("村") else f"{name}村" for name in dict.fromkeys(plain + sided)]
    rng.shuffle(cards)
    for place in range(30, len(cards), 30):
        cards[place] = cards[place - rng.randrange(15, 30)]
    return iter(cards)


def person(rng: Random) -> str:
    """An invented person's name of two or three characters."""
    second = rng.choice(words("given_second")) if rng.random() < 0.75 else ""
    return rng.choice(words("surnames")) + rng.choice(words("given_first")) + second


def place_near(stem: str, rng: Random) -> str:
    """A school, square or market named after a village or community, such as 张庄小学."""
    return stem + rng.choice(words("places"))


def stem(name: str, endings: tuple[str, ...]) -> str:
    """The name without the first ending that leaves at least two characters: 白庄村 → 白庄, 王村 → 王村."""
    for ending in endings:
        if name.endswith(ending) and len(name) - len(ending) >= 2:
            return name[: -len(ending)]
    return name


def numeral(n: int) -> str:
    """A number from 1 to 99 in Chinese, as in 第十二网格. Raises ValueError outside that range."""
    if not 1 <= n <= 99:
        raise ValueError(f"{n} is not between 1 and 99")
    tens, ones = divmod(n, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else DIGITS[tens] + "十")
    return head + (DIGITS[ones] if ones else "")
