"""Reading the texts of the next batches in a second process, while this one writes the batch at hand.

What a text is about is asked of the door's classifier, the costliest question that needs no database. A forked process
has the classifier in memory already and answers for batches to come; the door then finds its answers ready. A file of a
single batch, or a machine with one core, is served without. The answers are those the classifier gives itself.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import chain
from multiprocessing import get_context
from typing import TypeVar

from onedoor.intake.classify import Classifier, Suggestion
from onedoor.intake.queries import door, look_again

UNKNOWN = -1  # the version: another may have been taken into use in the meantime
AHEAD = 3  # batches that are asked about before they are needed

Text = tuple[str, str]  # title and body
Answers = dict[Text, list[Suggestion]]
Item = TypeVar("Item")


@dataclass(frozen=True)
class Foreseen:
    """A classifier that has some answers ready, and asks another for the rest."""

    answers: Answers
    other: Classifier

    def suggest(self, title: str, detail: str, most: int = 3) -> list[Suggestion]:
        """The answer that is ready; else what the other says."""
        ready = self.answers.get((title, detail))
        return self.other.suggest(title, detail, most) if ready is None else ready[:most]


def foreseen(batches: Iterator[list[Item]], text: Callable[[Item], Text]) -> Generator[list[Item]]:
    """The same batches, each given out when the door knows what its texts are about."""
    first, second = next(batches, None), next(batches, None)
    if first is None:
        return
    if second is None or (os.cpu_count() or 1) == 1:
        yield from chain([first], [second] if second else [], batches)
        return
    held = door()
    plain = held.classifier
    _asked["classifier"] = plain
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool:
        try:
            for batch, answers in _answered(chain([first, second], batches), text, pool):
                held.classifier = Foreseen(answers.result(), plain)
                yield batch
        finally:
            held.classifier, held.version = plain, UNKNOWN
            look_again()


def _answered(
    batches: Iterator[list[Item]], text: Callable[[Item], Text], pool: ProcessPoolExecutor
) -> Iterator[tuple[list[Item], Future[Answers]]]:
    waiting: deque[tuple[list[Item], Future[Answers]]] = deque()
    for batch in batches:
        waiting.append((batch, pool.submit(_answers, [text(item) for item in batch])))
        if len(waiting) > AHEAD:
            yield waiting.popleft()
    yield from waiting


_asked: dict[str, Classifier] = {}  # what a forked process finds in its memory


def _answers(texts: list[Text]) -> Answers:
    return {text: _asked["classifier"].suggest(*text) for text in texts}
