"""A bulletin says what is frozen: ranks, who is apart and why, what was corrected; the same words every time."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm

from onedoor.appraisal import actions
from onedoor.appraisal.actions import Corrected
from onedoor.appraisal.bulletins import content, paper
from onedoor.appraisal.models import SchemeVersion, Snapshot
from onedoor.appraisal.scores import appraising
from onedoor.appraisal.tests.test_objecting import (
    HOUSING,
    MARKET,
    PERIOD,
    SYSTEM,
    measured,
    objected,
    october,
    scheme,
)
from onedoor.kernel import time
from onedoor.kernel.problems import BadInput, NotFound
from tests.support.cities import MORNING
from tests.support.smallcity import SmallCity

__all__ = ["october", "scheme"]  # fixtures
pytestmark = pytest.mark.django_db


def text_of(bulletin: content.Bulletin) -> str:
    """Everything that stands on the paper, paragraphs first."""
    held = io.BytesIO()
    paper.write(bulletin, held)
    document = Document(held)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_it_says_every_group_and_who_stands_apart(
    scheme: SchemeVersion, october: dict[str, Snapshot]
) -> None:
    made = content.draft(scheme, PERIOD)
    assert made.title == "关于2026年10月考核情况的通报"
    assert [part.title for part in made.parts] == ["县区", "县区部门", "乡镇街道"]
    departments = made.parts[1]
    everybody = len(departments.lines) + sum(len(one.names) for one in departments.apart)
    assert everybody == len(appraising.scores_frozen(october["departments"]))
    assert all(line.moved == "—" for line in departments.lines)  # there is nothing before it
    assert set(departments.commended).isdisjoint(departments.behind)
    text = text_of(made)
    assert "没有经异议裁定的更正" in text
    assert "一、总体情况" in text
    assert "（一）县区（满分 1000 分）" in text
    assert text == text_of(content.draft(scheme, PERIOD))


def test_a_correction_stands_in_the_next_one(
    city: SmallCity, scheme: SchemeVersion, october: dict[str, Snapshot]
) -> None:
    made = objected(city, october)
    with time.at(MORNING + timedelta(days=2)):
        actions.decide(
            city.actor("zhaolei"), made.pk, upheld=True, grounds="属实", corrected=Corrected("45", "50")
        )
    with time.at(MORNING + timedelta(days=9)):
        gathered = appraising.gathered(scheme, "2026-11", measured)
        actions.freeze_period(SYSTEM, "2026-11", gathered, MORNING + timedelta(days=9))
    [told] = content.draft(scheme, "2026-11").corrections
    unit = city.units[HOUSING].name
    assert told.startswith(f"2026年10月{unit}“")
    assert "经东河区centre裁定异议成立" in told
    assert "总分由" in told
    assert city.units[MARKET].name not in told
    assert told in text_of(content.draft(scheme, "2026-11"))
    assert content.draft(scheme, "2026-11").parts[1].lines[0].moved != "—"


def test_the_page_is_that_of_an_official_document(
    scheme: SchemeVersion, october: dict[str, Snapshot]
) -> None:
    held = io.BytesIO()
    paper.write(content.draft(scheme, PERIOD), held)
    document = Document(held)
    section = document.sections[0]
    sizes = (section.page_width, section.page_height, section.top_margin, section.left_margin)
    assert [round(size / 36000) for size in sizes if size] == [210, 297, 37, 28]
    block = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    assert abs(block - Mm(156)) < Mm(1)
    runs = [run._element for paragraph in document.paragraphs for run in paragraph.runs]
    fonts = [found.get(qn("w:eastAsia")) for run in runs for found in run.iter(qn("w:rFonts"))]
    assert fonts[0] == "方正小标宋简体"
    assert {"仿宋_GB2312", "黑体", "楷体_GB2312"} <= set(fonts)
    assert "PAGE" in section.footer._element.xml


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ("2026-W05", "2026年第5周"),
        ("2026-01", "2026年1月"),
        ("2026-Q4", "2026年第四季度"),
        ("2026", "2026年度"),
    ],
)
def test_periods_are_written_as_officials_write_them(period: str, words: str) -> None:
    assert content.words_of(period) == words


def test_without_frozen_scores_there_is_no_bulletin(scheme: SchemeVersion) -> None:
    with pytest.raises(NotFound, match="freeze"):
        content.draft(scheme, PERIOD)
    with pytest.raises(BadInput):
        content.draft(scheme, "soon")
