"""No pack declares a field or an indicator that follows persons, or scores or ranks them."""

from __future__ import annotations

from pathlib import Path

import pytest

from onedoor.kernel import persons, refusals
from onedoor.kernel.packs import SHIPPED, Fault

FORM = """procedure: x
forms:
  seen:
    done: {{zh: 办理情况, en: What was done}}
    {name}: {{zh: {zh}, en: {en}}}
"""
INDICATOR = """indicators:
  kept:
    title: {{zh: 按时率, en: Kept in time}}
  {name}:
    title: {{zh: {zh}, en: {en}}}
"""


def said(folder: Path, name: str, text: str) -> list[Fault]:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    return persons.faults(folder)


REFUSED = [
    ("standing", "信访人风险等级", "Standing"),
    ("standing", "情况", "Risk level of the petitioner"),
    ("worker_ranking", "情况", "Standing"),
    ("standing", "网格员排名", "Standing"),
    ("standing", "给调解员打分", "Standing"),
    ("standing", "情况", "Score of each officer"),
    ("standing", "情况", "Trust of the resident"),
    ("standing", "重点人员名单", "Standing"),
    ("standing", "行动轨迹", "Standing"),
    ("standing", "情况", "On a watchlist"),
    ("face", "照片", "Picture"),
]
ALLOWED = [
    ("satisfied", "群众满意度得分", "Residents' satisfaction score"),
    ("level", "人员密集场所风险等级", "Level of risk of crowded places"),
    ("answered", "居民满意率", "Share of satisfied residents"),
    ("unit_score", "单位得分", "Score of the unit"),
    ("risk", "决策风险评估", "Risk of the decision"),
    ("party", "当事人", "Party"),
]


@pytest.mark.parametrize(("name", "zh", "en"), REFUSED)
@pytest.mark.parametrize(
    ("file", "text", "line"), [("procedures/x.yaml", FORM, 5), ("indicators.yaml", INDICATOR, 4)]
)
def test_it_is_refused_with_its_line_in_both_languages(
    tmp_path: Path, file: str, text: str, line: int, name: str, zh: str, en: str
) -> None:
    (fault,) = said(tmp_path, file, text.format(name=name, zh=zh, en=en))
    assert (fault.file, fault.line) == (tmp_path / file, line)
    assert fault.zh
    assert fault.en
    assert fault.hint_zh
    assert fault.hint_en


@pytest.mark.parametrize(("name", "zh", "en"), ALLOWED)
@pytest.mark.parametrize(("file", "text"), [("procedures/x.yaml", FORM), ("indicators.yaml", INDICATOR)])
def test_what_is_said_of_units_places_and_matters_stands(
    tmp_path: Path, file: str, text: str, name: str, zh: str, en: str
) -> None:
    assert said(tmp_path, file, text.format(name=name, zh=zh, en=en)) == []


@pytest.mark.parametrize("by", ["account", "officers", "[unit, reporter]", "网格员"])
def test_no_indicator_is_a_figure_of_persons(tmp_path: Path, by: str) -> None:
    text = f"indicators:\n  - indicator: kept\n    title: {{zh: 按时率, en: Kept in time}}\n    per: {by}\n"
    (fault,) = said(tmp_path, "indicators.yaml", text)
    assert fault.line == 4
    assert "按单位或地方" in fault.hint_zh


def test_an_indicator_by_units_and_places_stands(tmp_path: Path) -> None:
    assert said(tmp_path, "indicators.yaml", "indicators:\n  kept:\n    per: [unit, township]\n") == []


@pytest.mark.parametrize(("kind", "refused"), [("date", False), ("yes_no", False), ("text", True)])
def test_an_agreement_may_be_signed_by_a_fingerprint_but_none_is_kept(
    tmp_path: Path, kind: str, refused: bool
) -> None:
    text = f"forms:\n  agreed:\n    fingerprinted: {{zh: 按指印, en: Signed by fingerprint, type: {kind}}}\n"
    assert bool(said(tmp_path, "procedures/x.yaml", text)) is refused


def test_a_file_that_cannot_be_read_is_told_elsewhere(tmp_path: Path) -> None:
    assert said(tmp_path, "indicators.yaml", "indicators: [") == []


def test_the_packs_that_ship_declare_nothing_of_the_kind() -> None:
    packs = [folder for folder in SHIPPED.iterdir() if (folder / "pack.yaml").is_file()]
    assert packs
    assert [fault for folder in packs for fault in persons.faults(folder)] == []


def test_a_word_alone_means_persons_or_not() -> None:
    persons_ = ["account", "workers", "民警"]
    others = ["unit", "township", "workshop"]
    assert [word for word in persons_ + others if refusals.person(word)] == persons_
