"""The questionnaire language: the shape of one YAML file of `surveys/` in a pack. Pure.

A questionnaire asks one question after another; a skip rule leads from an answer to a later question, or to the `end`.
What must hold between its parts (the graph, the names, whom it may ask about) is checked in `soundness.py`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from onedoor.matters.language import Key, Part, Title, Titled, as_list

END = "end"  # where a skip rule leads that ends the interview
CHOSEN = ("single", "scale", "yes_no")  # of whose options exactly one is the answer
MOST_TEXT = 500  # characters of a short text


class Option(Titled):
    """One of the answers to choose from."""

    counts: bool = False  # it is among those that the question's share counts: “safe”, “satisfied”


class Question(Titled):
    """One question."""

    type: Literal["single", "multiple", "scale", "yes_no", "number", "text"]
    options: dict[Key, Option] = Field(default_factory=dict)
    required: bool = True
    least: int = 0  # of a number
    most: int = 1000
    skip: dict[Key, Key] = Field(
        default_factory=dict
    )  # answer → the later question that comes next, or `end`
    published: Literal["shares", "mean", "nothing"] = "nothing"  # texts are read by staff only


class Questionnaire(Part):
    """问卷: what is asked, of whose work, and which answers make the headline share."""

    questionnaire: Key
    title: Title
    intro: Title  # what is said before the first question: who asks, why, that nobody is recorded
    judges: Annotated[list[Key], BeforeValidator(as_list)] = Field(min_length=1)  # kinds of units it is about
    headline: Key  # the question whose counted share is told first
    balance: Key | None = (
        None  # a question whose population shares are known: answers are post-stratified by it
    )
    source: str = Field(min_length=1)
    sure: Literal["V", "V-weak", "O"] = "O"
    questions: dict[Key, Question] = Field(min_length=1)

    def following(self, key: str, answer: str | None = None) -> str:
        """The question that comes after `key` when it was answered so; `end` after the last."""
        if answer is not None and answer in self.questions[key].skip:
            return self.questions[key].skip[answer]
        keys = list(self.questions)
        place = keys.index(key) + 1
        return keys[place] if place < len(keys) else END

    @property
    def first(self) -> str:
        """The question that is asked first."""
        return next(iter(self.questions))
