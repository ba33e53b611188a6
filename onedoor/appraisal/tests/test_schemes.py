"""Schemes are refused with their place and the reason; what ships is whole; a workbook comes back as it went."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from openpyxl import load_workbook

from onedoor.appraisal.indicators.catalogue import catalogue as indicators
from onedoor.appraisal.schemes import catalogue, filings, sheets
from onedoor.appraisal.schemes.language import Scheme
from onedoor.kernel.packs import Fault, FaultyFile

STARTER = catalogue.STARTER.read_text("utf-8")
PETITIONS = "{zh: 信访工作, en: Petitions, weight: 10, evidence: minutes, rule: 每发生一起上访扣1分}"
CHANGED = (
    "{zh: 升级督办事项到期未答复每件扣分, en: \"Escalated matters unanswered when due, each\", weight: 10, "
    "indicator: escalations_unanswered, rule: 每起扣 1 最多 10}"
)  # fmt: skip

PUNISHING = [
    "每发生一起上访扣1分",
    "每出现1件越级信访扣0.5分",
    "被投诉一次扣2分",
    "信访总量同比下降",
    "降低投诉量",
    "零上访村创建",
    "未发生集体上访",
    "有进京上访的一票否决",
    "12345投诉每件扣0.2分",
    "每接到一起110警情扣1分",
    "来电数量减少",
    "信访下降率",
    "发生网络负面留言的扣分",
    "Deduct 1 mark for each petition",
    "zero complaints",
    "each complaint costs half a mark",
    "Reduction in complaints",
    "fewer calls",
]
OF_THE_UNIT = [
    "升级督办事项到期未答复的，每件扣1分",
    "信访事项逾期未答复，每件扣0.5分",
    "信访事项按期办结率",
    "投诉办理满意率",
    "拦截群众上访每次扣5分",
    "瞒报信访事项每件扣2分",
    "推诿投诉不受理经核实每次扣2分",
    "群众来访当日登记率",
    "每发生一次虚假办结扣2分",
    "Petitions left unanswered when due: 1 mark less each",
    "Complaints answered in time",
]
OF_PERSONS = [
    "民警个人积分",
    "网格员排名",
    "末位干部约谈",
    "上访人稳控到位",
    "重点人员管控率",
    "居民个人信用分级",
    "给群众打分",
    "best officer of the month",
    "Clerk ranking",
    "watch-list kept",
]
RULES = ["deduct 1 each up to 10", "linear 20 to 0", "steps up to 0: 100%, 5: 50%", "rank 100% to 60%"]


def refused(folder: Path, text: str) -> list[Fault]:
    """The faults of a scheme that reads so."""
    file = folder / "our_scheme.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(FaultyFile) as error:
        catalogue.load(file)
    return error.value.faults


def changed(was: str, becomes: str) -> str:
    """The starter with one piece put differently."""
    assert was in STARTER
    return STARTER.replace(was, becomes)


@pytest.fixture(scope="module")
def programme() -> Scheme:
    """The shipped example."""
    return catalogue.loaded()["programme"]


def test_what_ships_is_sound(programme: Scheme) -> None:
    assert catalogue.faults() == []
    assert (len(programme.items), programme.sub_items) == (69, 278)
    assert {group.level for group in programme.groups.values()} == {"county", "department", "township"}


def test_the_example_says_nothing_twice(programme: Scheme) -> None:
    for language in ("zh", "en"):
        titles = Counter(getattr(place.part, language) for place in programme.places())
        assert [title for title, times in titles.items() if times > 1] == []
    for key in programme.groups:
        measured = Counter(
            (p.part.indicator, *sorted(p.part.parameters.items()))
            for p in programme.places(key)
            if p.part.indicator
        )
        assert [name for name, times in measured.items() if times > 1] == []


def test_the_starter_is_sound() -> None:
    assert catalogue.load(catalogue.STARTER).sub_items == 4


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ("weight: 20,", "weight: 21,", "`T01` has 60 marks, its sub-items 61"),
        ("marks: 100", "marks: 110", "`townships` has full marks of 110, its items 100"),
        ("indicator: solved_rate", "indicator: solve_rate", "there is no indicator `solve_rate`"),
        (
            "indicator: solved_rate",
            "indicator: solved_rate, with: {colour: red}",
            "there is no parameter `colour`",
        ),
        ("indicator: solved_rate", "indicator: solved_rate, with: {procedure: petitions}", "`petitions`"),
        ("indicator: solved_rate", "indicator: dispatched_right_first", "nobody would be appraised on it"),
        (
            "indicator: solved_rate",
            "indicator: solved_rate, evidence: minutes",
            "an indicator or evidence, and only one",
        ),
        ("evidence: minutes", "evidence: papers", "there is no kind of evidence `papers`"),
        ("office: petitions", "office: nobody", "there is no office `nobody`"),
        ("kind: centre, level: county", "kind: township_office, level: township", "no unit judges itself"),
        ("kind: centre, level", "kind: center, level", "there is no kind of unit `center`"),
        ("线性 80% 至 98%", "线性 98% 至 80%", "the rule runs against the indicator"),
        ("线性 80% 至 98%", "评定", "`levels` are for evidence"),
        ("线性 80% 至 98%", "差不多就行", "is not a scoring rule"),
        ("code: T02", "code: T01", "two items are called `T01`"),
        ("zh: 周研判会按时召开", "zh: 按时签收率", "the same as T01.1"),
        ("zh: 周研判会按时召开", "zh: 网格员个人排名公布", "no person is scored, ranked or followed"),
        ("Weekly review held", "Score each officer by cases", "no person is scored, ranked or followed"),
        ("level: township, marks", "level: person, marks", "`level` cannot be `person`"),
        ("level: township, marks", "level: department, marks", "a group of departments says which kinds"),
        ("weight: 40\n", "weight: -4\n", "marks of -4"),
        ("scheme: our_scheme", "scheme: our_scheme\ncolour: red", "`colour` is not known here"),
    ],
)
def test_what_is_refused(tmp_path: Path, was: str, becomes: str, told: str) -> None:
    faults = refused(tmp_path, changed(was, becomes))
    assert any(told in fault.en for fault in faults), [fault.en for fault in faults]
    assert all(fault.zh and fault.hint_zh and fault.hint_en for fault in faults)


def test_a_fault_says_its_line(tmp_path: Path) -> None:
    [fault] = refused(tmp_path, changed("indicator: solved_rate", "indicator: solve_rate"))
    assert "群众认可解决率" in STARTER.splitlines()[fault.line - 1]
    assert "solved_rate" in fault.hint_en


def test_punishing_petitions_is_refused_in_words_an_official_understands(tmp_path: Path) -> None:
    assert CHANGED in STARTER
    [fault] = refused(tmp_path, changed(CHANGED, PETITIONS))
    assert "群众来反映问题不能扣单位的分" in fault.zh
    assert "升级督办事项到期未答复" in fault.hint_zh
    assert "pays for silence" in fault.en


def test_the_same_on_unanswered_escalations_is_accepted(tmp_path: Path) -> None:
    file = tmp_path / "our_scheme.yaml"
    by_evidence = (
        "{zh: 升级督办事项到期未答复的，每件扣1分, en: Escalated matters unanswered, weight: 10, "
        "evidence: minutes, rule: 每件扣1分}"
    )
    file.write_text(changed(CHANGED, by_evidence), "utf-8")
    assert catalogue.load(file).sub_items == 4


@pytest.mark.parametrize("indicator", [k for k, one in indicators().items() if one.counts_filings])
@pytest.mark.parametrize("rule", RULES)
def test_no_indicator_of_filings_lowers_a_score(tmp_path: Path, indicator: str, rule: str) -> None:
    harmless = f'{{zh: 工作成效, en: Results, weight: 10, indicator: {indicator}, rule: "{rule}"}}'
    assert any("群众来反映问题" in fault.zh for fault in refused(tmp_path, changed(CHANGED, harmless)))


@pytest.mark.parametrize("text", PUNISHING)
def test_words_that_punish_filing(text: str) -> None:
    assert filings.punishes(text)


@pytest.mark.parametrize("text", OF_THE_UNIT)
def test_words_about_what_the_unit_did(text: str) -> None:
    assert not filings.punishes(text)


@pytest.mark.parametrize("text", OF_PERSONS)
def test_words_that_appraise_persons(text: str) -> None:
    assert filings.appraises_persons(text)


def _book(folder: Path, scheme: Scheme) -> Path:
    file = folder / "draft.xlsx"
    sheets.write(file, scheme, {key: (one.zh, one.en) for key, one in indicators().items()})
    return file


def test_a_workbook_comes_back_as_it_went(tmp_path: Path, programme: Scheme) -> None:
    assert catalogue.load(_book(tmp_path, programme)) == programme


@pytest.mark.parametrize(
    ("header", "value", "cell", "told"),
    [
        ("评分规则", "每发生一起上访扣1分", "F2", "群众来反映问题不能扣单位的分"),
        ("评分规则", "看着办", "L2", "看不懂这条评分规则"),
        ("分值", "二十", "H2", "分值“二十”应为大于零的数"),
        ("指标", "不存在的指标", "I2", "没有指标“不存在的指标”"),
        ("周期", "旬", "M2", "「every」不能写「旬」"),
        ("来源单位", "某单位", "N2", "没有来源单位“某单位”"),
    ],
)
def test_a_fault_in_a_workbook_names_its_cell(
    tmp_path: Path, header: str, value: str, cell: str, told: str
) -> None:
    file = _book(tmp_path, catalogue.load(catalogue.STARTER))
    book = load_workbook(file)
    page = book[sheets.ITEMS]
    column = [one.value for one in page[1]].index(header) + 1
    page.cell(2, column).value = value
    book.save(file)
    with pytest.raises(FaultyFile) as error:
        catalogue.load(file)
    assert any(f"“条目”{cell} 格" in fault.zh and told in fault.zh for fault in error.value.faults), [
        fault.zh for fault in error.value.faults
    ]


def test_a_title_may_stand_for_a_key(tmp_path: Path) -> None:
    file = _book(tmp_path, catalogue.load(catalogue.STARTER))
    book = load_workbook(file)
    book[sheets.ITEMS]["I2"] = "按时签收率"
    book.save(file)
    assert catalogue.load(file).items[0].sub_items[0].indicator == "accepted_in_time"
