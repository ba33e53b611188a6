"""What a text is about, by the catalogue's own words: no example is needed, and every suggestion says why.

score(category) = Σ weight(word) · (3 in the title, 1 in the body) over the words of the category found in the text,
plus half the score of its parent's words, each word counted once. A longer word hides the shorter ones inside it.
share = score / Σ scores of all categories found. The seam for a learning model is `Classifier`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

TITLE_WEIGHT = 3.0
PARENT_SHARE = 0.5
LONGEST_READ = 2000  # characters of the body that are read
SURE = 0.5  # share from which a suggestion is taken without a clerk's choice


@dataclass(frozen=True)
class Suggestion:
    """A category, how sure (0 to 1), and the words that decided."""

    code: str
    share: float
    words: tuple[str, ...]

    @property
    def why(self) -> dict[str, str]:
        """The reason in both languages."""
        found = "、".join(dict.fromkeys(self.words))
        return {"zh": f"文中提到：{found}", "en": f"the text says: {found}"} if found else {
            "zh": "未找到特征词", "en": "no telling word was found"
        }  # fmt: skip


class Classifier(Protocol):
    """Whatever suggests categories for a text."""

    def suggest(self, title: str, detail: str, most: int = 3) -> list[Suggestion]:
        """The best categories, best first; never empty."""
        ...


@dataclass(frozen=True)
class Described:
    """A category as the classifier needs it."""

    code: str
    parent: str | None
    words: tuple[str, ...]
    leaf: bool


class WordClassifier:
    """Suggests categories by the words of the catalogue."""

    def __init__(self, categories: Iterable[Described], fallback: str) -> None:
        self.fallback = fallback
        self._says: dict[str, list[tuple[str, float]]] = defaultdict(list)
        children: dict[str, list[str]] = defaultdict(list)
        listed = list(categories)
        for item in listed:
            if item.parent and item.leaf:
                children[item.parent].append(item.code)
        for item in listed:
            for word, weight in map(weighted, item.words):
                targets = [(item.code, weight)] if item.leaf else [
                    (child, weight * PARENT_SHARE) for child in children[item.code]
                ]  # fmt: skip
                self._says[word].extend(targets)
        # By the first two characters the lengths that words so begun have: most places in a text begin none.
        self._lengths: dict[str, list[int]] = defaultdict(list)
        for length, start in sorted({(len(word), word[:2]) for word in self._says}, reverse=True):
            self._lengths[start].append(length)
        self._single = any(len(word) == 1 for word in self._says)

    def suggest(self, title: str, detail: str, most: int = 3) -> list[Suggestion]:
        """The best categories by their words, best first; the fallback category where no word is found."""
        weights = dict.fromkeys(self._words(detail[:LONGEST_READ]), 1.0)
        weights |= dict.fromkeys(self._words(title), TITLE_WEIGHT)
        scores: dict[str, float] = defaultdict(float)
        found: dict[str, list[str]] = defaultdict(list)
        for word, weight in weights.items():
            for code, own in self._says[word]:
                scores[code] += weight * own
                found[code].append(word)
        total = sum(scores.values())
        best = sorted(scores, key=lambda code: (-scores[code], code))[:most]
        made = [Suggestion(code, round(scores[code] / total, 4), tuple(found[code])) for code in best]
        return made or [Suggestion(self.fallback, 0.0, ())]

    def _words(self, text: str) -> list[str]:
        """The catalogue's words in a text, longest first at every place, none inside another."""
        says, lengths, found, at, end = self._says, self._lengths, [], 0, len(text)
        while at < end:
            start = text[at : at + 2]
            here = lengths.get(start, ())
            if self._single and start[0] in lengths:
                here = [*here, 1]
            for length in here:
                word = text[at : at + length]
                if word in says:
                    found.append(word)
                    at += length
                    break
            else:
                at += 1
        return found


def weighted(text: Any) -> tuple[str, float]:
    """`物业费*2` → ("物业费", 2.0); a bare word weighs 1."""
    word, _, weight = str(text).partition("*")
    return word.strip(), float(weight) if weight else 1.0
