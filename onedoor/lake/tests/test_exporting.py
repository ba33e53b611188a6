"""The lake follows the database: in both ways of writing it, without a person in it, and with every fault found."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from django.conf import settings

from onedoor.kernel import time
from onedoor.kernel.models import Anchor, Entry
from onedoor.kernel.problems import Conflict, NotFound
from onedoor.lake import changed, exporting, files, verifying
from onedoor.lake.columns import tables
from onedoor.matters import actions as matters
from onedoor.matters.models import Matter
from tests.support.cities import MORNING
from tests.support.filings import answered, opened
from tests.support.smallcity import SmallCity

pytestmark = pytest.mark.django_db
NAME, PHONE, CARD = "欧阳独一", "13912345678", "410611199001011234"


def digests(root: Path) -> dict[str, str]:
    """Every Parquet file below a folder."""
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*.parquet"))
    }


def rows(root: Path, table: str, columns: str = "*") -> list[tuple[object, ...]]:
    """Rows of a table, as anybody may read them."""
    key = ", ".join(tables()[table].key)
    with duckdb.connect() as lake:
        asked = f"SELECT {columns} FROM read_parquet('{root}/{table}/**/*.parquet') ORDER BY {key}"
        return lake.execute(asked).fetchall()


def live(city: SmallCity) -> list[Matter]:
    """Three matters, at three stages."""
    made = [opened(city, name=NAME, contact=PHONE) for _ in range(3)]
    answered(city, made[0])
    matters.act(city.actor("liqiang"), made[1].number, "accept")
    with time.at(MORNING + timedelta(days=1)):
        yes = {"satisfied": 5, "reason": f"谢谢，我是{NAME}，身份证{CARD}，电话{PHONE}"}
        matters.act(city.actor("sunli"), made[0].number, "called_solved", yes)
    return made


def test_what_is_written_in_steps_is_what_is_written_at_once(city: SmallCity, tmp_path: Path) -> None:
    steps, once = tmp_path / "steps", tmp_path / "once"
    exporting.export(steps)
    first = opened(city)
    exporting.export(steps)
    matters.act(city.actor("liqiang"), first.number, "accept")
    live(city)
    with time.at(MORNING + timedelta(days=40)):
        opened(city)
        matters.tick()
        last = exporting.export(steps)
    assert not last.anew
    assert exporting.export(once).anew
    assert digests(steps) == digests(once)
    assert len({path.split("/")[1] for path in digests(steps) if path.startswith("matters")}) == 2
    assert [count for (count,) in rows(steps, "matters", "reopened")] == [0] * 5


def test_again_nothing_is_written(city: SmallCity, tmp_path: Path) -> None:
    live(city)
    exporting.export(tmp_path)
    before = digests(tmp_path)
    again = exporting.export(tmp_path)
    assert (again.written, again.anew, again.subjects) == (0, False, {"matter": 0, "record": 0})
    assert digests(tmp_path) == before


def test_only_what_changed_is_written(city: SmallCity, tmp_path: Path) -> None:
    made = live(city)
    exporting.export(tmp_path)
    matters.act(city.actor("liqiang"), made[2].number, "accept")
    found = exporting.export(tmp_path)
    assert found.subjects["matter"] == 1
    assert found.written == 3  # its matter, its entries, its clocks
    assert verifying.verify(tmp_path).faults == []


def test_no_person_is_in_it(city: SmallCity, tmp_path: Path) -> None:
    live(city)
    exporting.export(tmp_path)
    planted = [NAME, PHONE, CARD, "陈敏", "李强", "押金", "装修", "liqiang"]
    held = Entry.objects.filter(stream__startswith="matter/").exclude(words=None)
    assert NAME in str(list(held.values_list("words", flat=True)))  # so that there is something to be found
    for path in sorted(tmp_path.rglob("*.parquet")):
        text = str(pq.read_table(path).to_pylist())
        assert not [word for word in planted if word in text], path
        assert pq.read_schema(path).names == list(tables()[path.relative_to(tmp_path).parts[0]].columns)


def test_what_a_resident_said_falls_to_whoever_answered(city: SmallCity, tmp_path: Path) -> None:
    live(city)
    exporting.export(tmp_path)
    columns = "unit, how, valid, excluded, contacted, heard, solved, satisfied, round"
    assert rows(tmp_path, "verdicts", columns) == [
        ("419801-housing", "callback", True, None, True, True, True, 5, 0)
    ]
    assert [row[0] for row in rows(tmp_path, "matters", "outcome")] == ["solved", None, None]
    met = {row[0] for row in rows(tmp_path, "clocks", "name || ' ' || state || ' ' || in_time")}
    assert {"accept met true", "act met true", "act running false"} <= met


def test_a_matter_that_is_gone_goes_from_the_lake(city: SmallCity, tmp_path: Path) -> None:
    made = live(city)
    exporting.export(tmp_path)
    matters.act(city.actor("liqiang"), made[2].number, "accept")  # whatever ends a row leaves an entry
    made[2].clocks.all().delete()
    Matter.objects.filter(pk=made[2].pk).delete()
    exporting.export(tmp_path)
    assert len(rows(tmp_path, "matters", "number")) == 2
    assert verifying.verify(tmp_path).faults == []


def test_faults_of_files_are_found(city: SmallCity, tmp_path: Path) -> None:
    live(city)
    manifest = exporting.export(tmp_path).manifest
    [gone], [bent] = manifest.paths("verdicts"), manifest.paths("matters")
    (tmp_path / gone).unlink()
    (tmp_path / bent).write_bytes(b"PAR1")
    (tmp_path / "matters" / "more.parquet").write_bytes(b"")
    found = {fault.where: fault.en for fault in verifying.verify(tmp_path).faults}
    assert found == {
        gone: "the file is gone",
        bent: "its bytes are not those of the manifest",
        "matters/more.parquet": "the manifest does not name this file",
    }


def test_a_change_past_the_log_is_found(city: SmallCity, tmp_path: Path) -> None:
    made = live(city)
    exporting.export(tmp_path)
    assert verifying.verify(tmp_path).faults == []
    Matter.objects.filter(pk=made[1].pk).update(level=3)
    made[0].verdicts.all().delete()
    found = {fault.where.split("/")[0]: fault.en for fault in verifying.verify(tmp_path).faults}
    assert found == {
        "matters": "its rows are not those of the database",
        "verdicts": "1 rows where the database has 0",
    }


def test_what_changed_since_is_behind_and_no_fault(city: SmallCity, tmp_path: Path) -> None:
    made = live(city)
    exporting.export(tmp_path)
    matters.act(city.actor("liqiang"), made[2].number, "accept")
    found = verifying.verify(tmp_path)
    assert (found.faults, found.behind) == ([], 1)


def test_the_lake_of_another_database_is_written_anew(city: SmallCity, tmp_path: Path) -> None:
    live(city)
    exporting.export(tmp_path)
    last = Anchor.objects.order_by("-pk").first()
    assert last is not None
    Anchor.objects.filter(pk=last.pk).update(hash="another")
    assert exporting.export(tmp_path).anew


def test_rows_wait_on_disk(city: SmallCity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    live(city)
    exporting.export(tmp_path / "whole")
    monkeypatch.setattr("onedoor.lake.merging.MOST", 3)
    monkeypatch.setattr(changed, "CHUNK", 1)
    exporting.export(tmp_path / "pieces")
    assert digests(tmp_path / "whole") == digests(tmp_path / "pieces")


def test_one_export_at_a_time(city: SmallCity, tmp_path: Path) -> None:
    with exporting._alone(tmp_path), pytest.raises(Conflict):
        exporting.export(tmp_path)


def test_without_a_lake_verify_says_what_to_do(city: SmallCity, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="onedoor lake export"):
        verifying.verify(tmp_path)


def test_a_value_that_must_be_there_is_asked_for(city: SmallCity) -> None:
    row = dict.fromkeys(tables()["units"].columns)
    with pytest.raises(ValueError, match="which the catalogue does not allow"):
        files.arrow("units", [row])
    with pytest.raises(ValueError, match="not as in the catalogue"):
        files.arrow("units", [{"phone": PHONE}])


def test_the_scheduler_keeps_it_up_to_date(city: SmallCity) -> None:
    live(city)
    job = exporting.export
    assert job().manifest.rows()["matters"] == 3
    opened(city)
    assert 0 < changed.waiting(2000) < 2000
    job()
    assert changed.waiting(2000) == 0
    assert (settings.ONEDOOR_HOME / "lake" / files.MANIFEST).is_file()
