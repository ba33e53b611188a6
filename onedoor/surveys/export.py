"""The figures of a round as a workbook: aggregates only, with the sizes, margins and definitions they need."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from onedoor.kernel.tables import write_xlsx
from onedoor.kernel.tables.writing import Target
from onedoor.surveys import queries
from onedoor.surveys.models import Round

HEADERS = (
    "题目或地方 Question or place", "选项 Answer", "份数 Answers", "数值 Value", "下限 Low 95 %", "上限 High 95 %",
    "误差 Margin ±", "设计效应 deff", "说明 Note",
)  # fmt: skip
WITHHELD = "份数过少，不公布 · too few answers, withheld"


def write(held: Round, target: Target) -> int:
    """Writes the stored figures of a closed round; returns how many rows."""
    title = f"{held.questionnaire.key} {held.period}"
    return write_xlsx(target, HEADERS, lines(held), title)


def lines(held: Round) -> Iterator[list[Any]]:
    """One line a figure: questions with their answers, then the places, then how it was done."""
    asked, figures = queries.asked_in(held), held.figures
    for key, found in figures.get("questions", {}).items():
        question = asked.questions[key]
        said = f"{question.zh} · {question.en}"
        if "mean" in found:
            yield _line(said, "平均 mean", found["mean"])
            continue
        for name, estimate in found["options"].items():
            option = question.options[name]
            yield _line(said, f"{option.zh} · {option.en}", estimate)
        if found["counted"]:
            yield _line(said, "计入合计 counted together", found["counted"])
    for place in figures.get("places", ()):
        yield _line(
            f"{place['name']} {place['code']}", "", place["counted"], withheld=place["counted"] is None
        )
    response = figures.get("response", {})
    yield ["应答率 RR1 (AAPOR)", "", response.get("complete"), response.get("rate")]
    yield ["总体 Frame", "", figures.get("population")]


def _line(said: str, answer: str, found: dict[str, float] | None, *, withheld: bool = False) -> list[Any]:
    if found is None:
        return [
            said,
            answer,
            None,
            None,
            None,
            None,
            None,
            None,
            WITHHELD if withheld else "无人回答 · nobody was asked",
        ]
    margin = round((found["high"] - found["low"]) / 2, 6)
    return [
        said,
        answer,
        found["n"],
        found["value"],
        found["low"],
        found["high"],
        margin,
        found["effect"],
        "",
    ]
