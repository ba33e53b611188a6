"""What a text is about, as the door asks it of `onedoor.triage`: the city's catalogue is the tree that is chosen from.

Before the first example the catalogue's own words decide; what was learned from lessons is kept as bytes. A version
learned before the catalogue changed never suggests what the catalogue no longer has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from onedoor.intake.lessons import Lesson
from onedoor.triage import classify, stored
from onedoor.triage.classify import Example, Suggestion
from onedoor.triage.tree import Node

__all__ = ["Catalogue", "Classifier", "Current", "Suggestion"]

GENERAL = "other.general"  # where a text goes that tells nothing
TRIAL = "路灯不亮"  # what a version is asked before anybody relies on it
SPARE = 2  # suggestions asked for beyond those wanted, should the catalogue have changed


class Classifier(Protocol):
    """Whatever suggests categories for a text."""

    def suggest(self, title: str, detail: str, most: int = 3) -> list[Suggestion]:
        """The best categories, best first; never empty."""
        ...


@dataclass(frozen=True)
class Catalogue:
    """The categories of the city as a tree of choices."""

    nodes: tuple[Node, ...]

    @property
    def codes(self) -> frozenset[str]:
        """The categories under which a text may be filed."""
        return frozenset(node.code for node in self.nodes if node.filed)

    @property
    def fallback(self) -> str:
        """Where a text goes that tells nothing."""
        return GENERAL if GENERAL in self.codes else min(self.codes, default=GENERAL)

    def by_words(self) -> Classifier:
        """What the words of the catalogue say, without any example."""
        return classify.cold(self.nodes, self.fallback)

    def train(self, lessons: Sequence[Lesson]) -> bytes:
        """What was learned from these lessons, as bytes that `read` takes: weights, no text of any lesson."""
        examples = [Example(lesson.title, lesson.detail, lesson.code) for lesson in lessons]
        return stored.dumps(classify.train(self.nodes, examples, self.fallback))

    def read(self, body: bytes) -> Classifier:
        """What was learned, out of its bytes, and tried once. Raises ValueError."""
        made = Current(stored.loads(body), self.codes, self.fallback)
        try:
            made.suggest(TRIAL, TRIAL)
        except (IndexError, KeyError) as error:
            raise ValueError(f"a version that cannot be used: {error}") from error
        return made


@dataclass(frozen=True)
class Current:
    """A version whose suggestions are held to the catalogue as it is now."""

    version: Classifier
    codes: frozenset[str]
    fallback: str

    def suggest(self, title: str, detail: str, most: int = 3) -> list[Suggestion]:
        """See `Classifier.suggest`."""
        found = self.version.suggest(title, detail, most)
        if any(one.code not in self.codes for one in found):
            more = self.version.suggest(title, detail, most + SPARE)
            found = [one for one in more if one.code in self.codes][:most]
        return found or [Suggestion(self.fallback, 0.0, ())]
