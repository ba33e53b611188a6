"""Messages out of files: every row a matter, once; what cannot be read comes back; nothing is dropped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from onedoor.city.loaders import Options
from onedoor.intake.loading import load_matters
from onedoor.intake.rules import LONGEST_DETAIL
from onedoor.kernel import audit
from onedoor.kernel.actor import Actor
from onedoor.kernel.datum import Datum, from_wgs84
from onedoor.kernel.models import Entry
from onedoor.kernel.problems import BadInput
from onedoor.matters.models import Clock, Matter
from tests.support.smallcity import SmallCity

pytestmark = pytest.mark.django_db
HEAD = "留言编号,留言用户,留言主题,留言时间,留言详情"


def options(**chosen: Any) -> Options:
    return Options(Actor.system("test"), **chosen)


def written(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path


def test_every_row_becomes_a_matter_with_category_unit_and_clock(city: SmallCity, tmp_path: Path) -> None:
    file = written(
        tmp_path / "m.csv",
        HEAD + ",点赞数",
        "1,A001,物业不退装修押金,2019/12/30 17:06:14,东柳前村物业公司拖着装修押金不退,3",
        "2,A002,井盖丢失,2019-11-02 8:30,不知道在哪条路上,0",
        encoding="gb18030",
    )
    filed = load_matters(file, options())
    assert (filed.taken.added, filed.refused, filed.unknown) == (2, 0, ["点赞数"])
    assert filed.unplaced == 1
    first, second = Matter.objects.order_by("pk")
    assert (first.title, first.channel, first.division.name) == ("物业不退装修押金", "file", "东柳前村")
    assert (first.placed, second.placed) == (True, False)
    assert Clock.objects.filter(state="running").values("matter").distinct().count() == 2
    assert all(matter.category_id and matter.unit_id for matter in (first, second))
    assert sum(filed.categories.values()) == sum(filed.units.values()) == 2
    assert not list(audit.verify())


def test_the_same_file_again_gives_no_second_matter_whatever_it_is_called(
    city: SmallCity, tmp_path: Path
) -> None:
    lines = [
        HEAD,
        "1,A001,物业不退押金,2019/12/30,装修押金不退",
        "1,A001,物业不退押金,2019/12/30,装修押金不退",
        "2,A001,路灯,2019/12/30,路灯不亮",
    ]
    filed = load_matters(written(tmp_path / "m.csv", *lines), options())
    assert (filed.taken.added, filed.repeated) == (2, 1)
    again = load_matters(written(tmp_path / "renamed.csv", *lines), options())
    assert (again.taken.added, again.repeated, Matter.objects.count()) == (0, 3, 2)


def test_what_cannot_be_read_comes_back_and_can_be_mended(city: SmallCity, tmp_path: Path) -> None:
    rejects = tmp_path / "no.csv"
    file = written(
        tmp_path / "m.csv",
        HEAD + ",经度,纬度,区划代码",
        "1,A,好的,2019/12/30,路灯不亮,,,",
        "2,A,,2019/12/30,,,,",
        "3,A,坏时间,去年,路灯不亮,,,",
        "4,A,坏坐标,2019/12/30,路灯不亮,东经,北纬,",
        "5,A,写反,2019/12/30,路灯不亮,35.505,114.005,",
        "6,A,坏区划,2019/12/30,路灯不亮,,,419899",
        f"7,A,{'长' * 130},2019/12/30,路灯不亮,,,",
    )
    filed = load_matters(file, options(rejects=rejects))
    assert (filed.rows, filed.taken.added, filed.refused) == (7, 1, 6)
    fields = {refusal.row: refusal.errors[0].field for refusal in filed.refusals}
    assert fields == {3: "detail", 4: "留言时间", 5: "lon", 6: "lon", 7: "division_code", 8: "title"}
    mended = rejects.read_text("utf-8-sig").replace("去年", "2019-12-30").replace("419899", "419801")
    again = load_matters(written(tmp_path / "mended.csv", mended), options())
    assert again.taken.added == 2


def test_a_point_in_another_datum_finds_its_grid(city: SmallCity, tmp_path: Path) -> None:
    lon, lat = from_wgs84(114.0009, 35.505, Datum.GCJ02)  # read as WGS84 it would lie 540 m off
    file = written(tmp_path / "m.csv", "title,detail,lon,lat", f"井盖,井盖没了,{lon},{lat}")
    load_matters(file, options(datum="gcj02"))
    matter = Matter.objects.get()
    assert matter.division == city.first_grid
    assert matter.lon == pytest.approx(114.0009, abs=1e-6)


def test_a_text_too_long_for_a_filing_is_kept_whole(city: SmallCity, tmp_path: Path) -> None:
    text = "".join(chr(0x4E00 + n % 5000) for n in range(LONGEST_DETAIL + 9000))
    load_matters(written(tmp_path / "m.csv", "title,detail", f"长信,{text}"), options())
    matter = Matter.objects.get()
    notes = Entry.objects.filter(stream=matter.stream, kind="noted").order_by("seq")
    assert matter.detail + "".join(note.words["text"] for note in notes if note.words) == text
    assert len(notes) == 3
    load_matters(tmp_path / "m.csv", options())
    assert notes.count() == 3


def test_a_dry_run_keeps_nothing(city: SmallCity, tmp_path: Path) -> None:
    file = written(tmp_path / "m.csv", HEAD, "1,A,好的,2019/12/30,路灯不亮")
    assert load_matters(file, options(dry_run=True)).taken.added == 1
    assert not Matter.objects.exists()
    assert load_matters(file, options()).taken.added == 1
    assert not list(audit.verify())


def test_a_table_without_texts_is_refused(city: SmallCity, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no column of titles or texts"):
        load_matters(written(tmp_path / "m.csv", "编号,时间", "1,2019/12/30"), options())


def test_memory_does_not_grow_with_refusals(
    city: SmallCity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onedoor.intake.loading.TOLD", 2)
    filed = load_matters(written(tmp_path / "m.csv", HEAD, *["1,A,,2019/12/30,"] * 5), options())
    assert (filed.refused, len(filed.refusals)) == (5, 2)


def test_what_is_said_of_the_speaker_is_sealed(city: SmallCity, tmp_path: Path) -> None:
    file = written(tmp_path / "m.csv", "姓名,手机,标题,内容", "王秀英,13800002210,路灯,路灯不亮")
    load_matters(file, options())
    party = Matter.objects.get().parties.get()
    assert (party.name, party.contact) == ("王秀英", "13800002210")
    assert "13800002210" not in str(list(Entry.objects.values("body", "words")))
