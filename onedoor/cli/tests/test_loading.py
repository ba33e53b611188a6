"""`onedoor load`: what is printed, what is written, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from shapely.geometry import box, mapping

from onedoor.city.models import Boundary, Division, Unit
from onedoor.city.tests.test_outlines import COUNTY, told_in
from onedoor.cli.tests.calling import onedoor
from onedoor.kernel import time
from onedoor.kernel.datum import Datum
from onedoor.kernel.models import Anchor
from onedoor.matters.models import Matter
from tests.support.smallcity import SmallCity

pytestmark = pytest.mark.django_db


def written(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def test_refused_rows_end_with_1_and_are_named_by_file_row_and_field(city: SmallCity, tmp_path: Path) -> None:
    file = written(tmp_path / "d.csv", "code,name,colour\n419801003,新柳镇,red\n4198,坏码,blue\n")
    said = onedoor("load", "divisions", file, "--rejects", tmp_path / "no.csv")
    assert said.status == 1
    assert "2 行：新增 1" in said.err
    assert f"{file}:3 4198 坏码 [code]" in said.err
    assert "colour" in said.err
    assert (tmp_path / "no.csv").exists()
    assert Division.objects.filter(code="419801003").exists()
    assert Anchor.objects.exists()
    assert "--rejects" in onedoor("load", "divisions", file).err


def test_json_tells_everything(city: SmallCity, tmp_path: Path) -> None:
    file = written(tmp_path / "d.csv", "code,name\n419801003,新柳镇\n4198,坏码\n")
    said = onedoor("load", "divisions", file, "--dry-run", "--json")
    assert said.status == 1
    told = said.data
    assert (told["added"], told["refused"], told["dry_run"]) == (1, 1, True)
    assert told["refusals"][0]["errors"][0]["field"] == "code"
    assert not Division.objects.filter(code="419801003").exists()


def test_columns_are_named_on_the_command_line(city: SmallCity, tmp_path: Path) -> None:
    file = written(tmp_path / "d.csv", "甲,乙\n419801003,新柳镇\n")
    assert "缺少这一列" in onedoor("load", "divisions", file).err
    assert onedoor("load", "divisions", file, "--columns", "code=甲,name=乙").status == 0


def test_a_city_file_makes_the_tables_and_publishes(tmp_path: Path) -> None:
    from_package = Path(__file__).parents[2] / "city" / "profiles" / "henan_prefecture.yaml"
    said = onedoor("load", "city", from_package)
    assert said.status == 0
    assert "已导入" in said.err
    assert "没有变化" in onedoor("load", "city", from_package).err
    broken = written(tmp_path / "city.yaml", "key: x\n")
    found = onedoor("load", "city", broken)
    assert found.status == 1
    assert f"{broken}:1" in found.err


def test_outlines_and_grids(city: SmallCity, tmp_path: Path) -> None:
    land = mapping(box(114.5, 35.4, 114.9, 35.6))
    feature = {"type": "Feature", "properties": {"code": "419802"}, "geometry": land}
    file = written(
        tmp_path / "b_wgs84.geojson", json.dumps({"type": "FeatureCollection", "features": [feature]})
    )
    assert onedoor("load", "boundaries", file).status == 0
    assert Boundary.objects.filter(division__code="419802").exists()
    village = "419802001001003"
    grid = {"type": "Feature", "properties": {"code": village, "name": "新网格"}, "geometry": land}
    survey = written(tmp_path / "g.geojson", json.dumps({"type": "FeatureCollection", "features": [grid]}))
    said = onedoor("load", "grids", survey)
    assert said.status == 0
    assert "按 WGS84 读取" in said.err
    assert onedoor("load", "grids", survey, "--generate").status == 2


def test_computed_grids_are_said_to_be_provisional_loudly(city: SmallCity, tmp_path: Path) -> None:
    Boundary.objects.all().delete()
    Division.objects.filter(level="grid").update(valid_to=time.now().date())
    land = mapping(box(114.5, 35.4, 114.9, 35.6))
    feature = {"type": "Feature", "properties": {"code": "419802"}, "geometry": land}
    file = written(
        tmp_path / "b_wgs84.geojson", json.dumps({"type": "FeatureCollection", "features": [feature]})
    )
    onedoor("load", "boundaries", file)
    tried = onedoor("load", "grids", "--generate", "--total", 9, "--dry-run")
    assert "试运行" in tried.err
    assert not Division.objects.filter(provisional=True).exists()
    said = onedoor("load", "grids", "--generate", "--total", 9)
    assert said.status == 0
    assert "生成网格 9 个" in said.err
    assert "PROVISIONAL" in said.err
    assert "invented" in said.err
    assert "没有边界可分、未生成网格：东河区" in said.err
    assert onedoor("load", "grids", "--generate", "--json").data["grids"] == 0


def test_templates_are_written_once_and_load_as_they_are(city: SmallCity, tmp_path: Path) -> None:
    Unit.objects.filter(kind="police_station").delete()
    units = tmp_path / "units.csv"
    assert onedoor("load", "units", "--template", units).status == 0
    assert (
        onedoor("load", "units", "--template", units).status == 1
    )  # never over a file that somebody has mended
    said = onedoor("load", "units", units)
    assert (said.status, "退回 0" in said.err) == (0, True)
    assert Unit.objects.filter(kind="police_station").count() == 4
    roster = tmp_path / "roster.xlsx"
    onedoor("load", "roster", "--template", roster)
    blank = onedoor("load", "roster", roster)
    assert blank.status == 0
    assert "尚未填写" in blank.err
    assert onedoor("load", "units").status == 2


def test_messages_become_matters_and_are_counted(city: SmallCity, tmp_path: Path) -> None:
    file = written(tmp_path / "m.csv", "标题,内容\n路灯,东柳前村路灯不亮\n井盖,井盖没了\n,\n")
    said = onedoor("load", "matters", file)
    assert said.status == 0
    assert "2 行：新增 2" in said.err
    assert "地点待核实 1 件" in said.err
    assert Matter.objects.count() == 2
    assert onedoor("load", "matters", file, "--json").data["repeated"] == 2


def test_messages_need_units_first(tmp_path: Path) -> None:
    file = written(tmp_path / "m.csv", "标题,内容\n路灯,路灯不亮\n")
    said = onedoor("load", "matters", file)
    assert said.status == 1
    assert "load units" in said.err


def test_a_wrong_datum_ends_with_1_and_says_what_to_type(city: SmallCity, tmp_path: Path) -> None:
    def county(land: object, name: str) -> Path:
        feature = {"type": "Feature", "properties": {"code": "419802"}, "geometry": mapping(land)}
        return written(tmp_path / name, json.dumps({"type": "FeatureCollection", "features": [feature]}))

    onedoor("load", "boundaries", county(COUNTY, "a_wgs84.geojson"))
    said = onedoor("load", "boundaries", county(told_in(COUNTY, Datum.GCJ02), "b_wgs84.geojson"))
    assert said.status == 1
    assert "--datum gcj02" in said.err
    assert onedoor("load", "boundaries", tmp_path / "b_wgs84.geojson", "--sure").status == 0
