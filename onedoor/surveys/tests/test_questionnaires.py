"""Questionnaires are refused with file, line and what to write; an interview walks by its skip rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from onedoor.kernel.packs import FaultyFile
from onedoor.kernel.problems import BadInput
from onedoor.surveys import answering, catalogue
from onedoor.surveys.tests.rounds import SAFE, UNSAFE

WHOLE = catalogue.files()[-1].read_text("utf-8")


def _faults(folder: Path, was: str, becomes: str) -> list[str]:
    assert was in WHOLE
    file = folder / "public_safety.yaml"
    file.write_text(WHOLE.replace(was, becomes), "utf-8")
    with pytest.raises(FaultyFile) as refused:
        catalogue.load(file)
    return [fault.en for fault in refused.value.faults]


def test_what_ships_is_sound() -> None:
    assert catalogue.faults() == []
    assert set(catalogue.loaded()) == {"public_safety", "law_enforcement"}


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ("headline: safe", "headline: nowhere", "there is no question `nowhere`"),
        ("headline: safe", "headline: wish", "the headline's question must publish"),
        ("balance: age", "balance: worries", "what is balanced by must be"),
        ("judges: [police,", "judges: [polis,", "there is no kind of unit `polis`"),
        ("{very_safe: night,", "{very_safe: age,", "a skip must lead on"),
        ("{very_safe: night,", "{very_safe: nights,", "there is no question `nights`"),
        ("{very_safe: night,", "{verysafe: night,", "there is no option `verysafe`"),
        (
            "rather_safe: night}",
            "rather_safe: night, unsafe: night, very_unsafe: night}",
            "this question is never asked",
        ),
        ("您最希望改进的是什么？", "请问您的姓名和电话号码？", "no question may ask what tells who"),
        ("What should be improved first?", "What is your full name?", "no question may ask what tells who"),
        ("您最希望改进的是什么？", "请给社区民警打分", "no question may score, rank or point at a person"),
        ("您最希望改进的是什么？", "哪个邻居最可疑？", "no question may score, rank or point at a person"),
        ("  wish:", "  risk_score:", "no question may score, rank or point at a person"),
        ("type: text", "type: txt", "`type` cannot be `txt`"),
        ("questionnaire: public_safety", "questionnaire: other", "the key is not the file's name"),
    ],
)
def test_what_is_refused(tmp_path: Path, was: str, becomes: str, told: str) -> None:
    assert any(fault.startswith(told) for fault in _faults(tmp_path, was, becomes))


def test_a_fault_says_its_line(tmp_path: Path) -> None:
    file = tmp_path / "public_safety.yaml"
    file.write_text(WHOLE.replace("您最希望改进的是什么？", "您的身份证号？"), "utf-8")
    with pytest.raises(FaultyFile) as refused:
        catalogue.load(file)
    [fault] = refused.value.faults
    assert WHOLE.splitlines()[fault.line - 1] == "  wish:"
    assert fault.hint_zh


def test_an_interview_by_its_skip_rules() -> None:
    asked = catalogue.loaded()["public_safety"]
    assert answering.answered(asked, UNSAFE) == UNSAFE
    assert answering.answered(asked, SAFE | {"worries": ["fraud"]}) == SAFE, (
        "what is passed over does not count"
    )
    by_place = {"age": "1", "safe": "安全", "night": "Yes", "better": "2"}
    assert answering.answered(asked, by_place) == SAFE, "as third parties code them: places and titles"
    with pytest.raises(BadInput) as refused:
        answering.answered(asked, {"age": "young", "safe": "unsafe", "night": "maybe"})
    assert [error.field for error in refused.value.errors] == ["worries", "night", "better"]


def test_a_number_keeps_to_its_bounds() -> None:
    asked = catalogue.loaded()["law_enforcement"]
    sent = {"age": "old", "satisfied": "very", "contact": "yes", "fair": "yes", "prompt": "no"}
    assert answering.answered(asked, sent | {"visits": "3"})["visits"] == 3
    for wrong in ("many", "51", "-1", "nan"):
        with pytest.raises(BadInput):
            answering.answered(asked, sent | {"visits": wrong})
