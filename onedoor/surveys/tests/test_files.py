"""A third party's file: all of it or nothing, or the good rows and a file of the others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from onedoor.city.loaders import Options
from onedoor.kernel.tables import write_csv, write_xlsx
from onedoor.surveys.importing import load_answers
from onedoor.surveys.models import Answer, Mark
from onedoor.surveys.tests import rounds
from onedoor.surveys.tests.rounds import SYSTEM
from tests.support.smallcity import SmallCity

pytest_plugins = ["onedoor.surveys.tests.rounds"]
HEADERS = ("序号", "乡镇", "方式", "结果", "age", "safe", "worries", "night", "better")
GOOD = [
    ("1", "东柳镇", "电话", "完成", "18至39岁", "安全", "", "放心", "差不多"),
    ("2", "419801001", "", "", "3", "4", "1；2", "2", "3"),
    ("3", "西柳镇", "电话", "拒访", "", "", "", "", ""),
]
BAD = ("4", "别处镇", "电话", "完成", "18至39岁", "可能", "", "放心", "差不多")


def written(folder: Path, rows: Sequence[tuple[str, ...]], name: str = "answers.csv") -> Path:
    """The rows as a file of `folder`."""
    (write_xlsx if name.endswith("xlsx") else write_csv)(folder / name, HEADERS, rows)
    return folder / name


@pytest.mark.parametrize("name", ["answers.csv", "answers.xlsx"])
def test_a_good_file_is_taken_and_twice_is_once(surveyed: SmallCity, tmp_path: Path, name: str) -> None:
    held, file = rounds.opened(), written(tmp_path, GOOD, name)
    for added, same in ((3, 0), (0, 3)):
        taken = load_answers(file, Options(SYSTEM), held.pk).taken
        assert (taken.added, taken.same) == (added, same)
    assert Answer.objects.count() == 2
    assert Answer.objects.filter(values__worries=["theft", "fraud"]).count() == 1


def test_one_bad_row_and_nothing_is_taken(surveyed: SmallCity, tmp_path: Path) -> None:
    held = rounds.opened()
    loaded = load_answers(written(tmp_path, [*GOOD, BAD]), Options(SYSTEM), held.pk)
    assert {error.field for refusal in loaded.refusals for error in refusal.errors} == {"township", "safe"}
    assert (loaded.taken.added, Answer.objects.count(), Mark.objects.count()) == (0, 0, 0)


def test_or_the_good_ones_and_the_others_mended(surveyed: SmallCity, tmp_path: Path) -> None:
    held, refused = rounds.opened(), tmp_path / "refused.csv"
    loaded = load_answers(written(tmp_path, [*GOOD, BAD]), Options(SYSTEM, rejects=refused), held.pk)
    assert (loaded.taken.added, len(loaded.refusals)) == (3, 1)
    refused.write_text(
        refused.read_text("utf-8-sig").replace("别处镇", "西杨镇").replace("可能", "安全"), "utf-8"
    )
    assert load_answers(refused, Options(SYSTEM, rejects=refused), held.pk).taken.added == 1
    assert Answer.objects.count() == 3
