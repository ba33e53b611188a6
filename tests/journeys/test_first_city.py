"""A city's own data is loaded by the commands of `docs/first-city.md`, each as it stands there.

On invented files everywhere; and on the real files of Hebi, which only developers have, where `../shared/data` is.
"""

from __future__ import annotations

import csv
import re
import shlex
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from ruamel.yaml import YAML

from onedoor.city.models import Boundary, Division, Post, Unit
from onedoor.cli.tests.calling import Said, onedoor
from onedoor.kernel.datum import Datum, from_wgs84
from onedoor.kernel.models import Anchor
from onedoor.matters.models import Clock, Matter
from onedoor.simulation.geography import Geography
from tests.support.required import REQUIRED

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "first-city.md"
PROFILE = ROOT / "onedoor" / "city" / "profiles" / "henan_prefecture.yaml"
REAL = ROOT.parent / "shared" / "data"
FENCE = re.compile(r"^```sh\n(.*?)^```", re.M | re.S)
REFUSED = "# refused"

pytestmark = pytest.mark.django_db


def commands() -> Iterator[tuple[str, bool]]:
    """(command, whether it must be refused), in the order of the document."""
    for block in FENCE.findall(DOCUMENT.read_text("utf-8")):
        for line in block.splitlines():
            words, _, remark = line.partition("#")
            yield words.strip().removeprefix("onedoor "), f"# {remark.strip()}" == REFUSED


def followed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Said]:
    """Does everything the document says, standing in `folder`; what each command said."""
    monkeypatch.chdir(folder)
    said = {}
    for command, refused in commands():
        if command.startswith("load roster roster.csv"):
            _fill_in(folder / "roster.csv")
        found = said[command] = onedoor(*shlex.split(command))
        if not command.startswith("locate"):
            assert found.status == int(refused), (command, found.err[-2000:])
    return said


def _fill_in(roster: Path) -> None:
    """Gives three of four vacant posts to somebody, in the city's office where no unit covers the place."""
    office = Unit.objects.filter(kind="city_office").values_list("code", flat=True)[0]
    rows = list(csv.DictReader(roster.open(encoding="utf-8-sig")))
    for number, row in enumerate(rows):
        row["name"] = f"张{number}" if number % 4 else ""
        row["unit_code"] = row["unit_code"] or office
    with roster.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _everything_stands(messages: int) -> None:
    assert Matter.objects.count() == messages
    assert Clock.objects.filter(state="running").values("matter").distinct().count() == messages
    assert not Matter.objects.filter(category__procedure="").exists()
    grids = Division.objects.filter(level="grid", valid_to=None)
    assert grids.count() == 2309
    assert not grids.filter(provisional=False).exists()
    assert Post.objects.filter(role="grid_worker").count() > 1500
    assert Anchor.objects.exists()


# Invented files, under the names of the real ones


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """A folder of files shaped like those of Hebi, and how many messages it holds."""
    folder = tmp_path_factory.mktemp("invented")
    for name in ("hebi", "teddy", "teddy_hot", "teddy_replies"):
        (folder / name).mkdir()
    city = Geography.of("yihe")
    profile = city.shape.profile.model_dump(mode="json")
    YAML(typ="safe").dump(profile, (folder / "hebi.yaml").open("w", encoding="utf-8"))
    grids = set(city.grids())
    rows = [row for row in city.divisions() if row.code not in grids]
    with (folder / "hebi" / "hebi_divisions.csv").open("w", encoding="gb18030", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("code", "level", "name", "parent_code", "type", "county", "township", "note"))
        writer.writerows((r.code, r.level, r.name, r.parent_code, r.type, "", "", "") for r in rows)
    counties = [row.code for row in rows if row.level == "county"]
    _write_map(folder / "hebi" / "hebi_city_amap_wgs84.geojson", city, [city.shape.city.code], Datum.WGS84)
    _write_map(folder / "hebi" / "hebi_counties_amap_wgs84.geojson", city, counties, Datum.WGS84)
    _write_map(folder / "hebi" / "hebi_counties_datav_v3_gcj02.geojson", city, counties, Datum.GCJ02)
    return folder, _write_messages(folder, [row.name for row in rows if row.level == "village"])


def _write_map(file: Path, city: Geography, codes: list[str], datum: Datum) -> None:
    def told(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.stack(from_wgs84(xy[:, 0].copy(), xy[:, 1].copy(), datum), axis=1)

    lands = {code: shapely.to_geojson(shapely.transform(city.polygons()[code], told)) for code in codes}
    features = [
        f'{{"type": "Feature", "properties": {{"adcode": {code}}}, "geometry": {land}}}'
        for code, land in lands.items()
    ]
    file.write_text(f'{{"type": "FeatureCollection", "features": [{",".join(features)}]}}', "utf-8")


def _write_messages(folder: Path, villages: list[str]) -> int:
    texts = [
        "物业公司不退装修押金",
        "路灯不亮已经一周",
        "门口井盖丢失",
        "工地夜间施工噪音扰民",
        "拖欠工资三个月",
    ]
    files = {
        "teddy_replies/replies.csv": "msg_id,user_code,time,title,detail,reply,reply_time",
        "teddy_hot/messages_hot.csv": "msg_id,user_code,time,title,detail,like,oppose",
        "teddy/teddy_train.csv": "uid,title,detail,tokens,label,complete,dup_group",
        "teddy/teddy_dev.csv": "uid,title,detail,tokens,label,complete,dup_group",
        "teddy/unlabelled.csv": "msg_id,time,title,detail",
    }
    count = 0
    for name, header in files.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, header.split(","), restval="", extrasaction="ignore")
            writer.writeheader()
            for number in range(40):
                text = texts[number % len(texts)]
                detail = "" if number == 7 else f"{villages[number]}{text},请处理。{name}"
                said = {
                    "uid": f"{name}-{number}",
                    "msg_id": f"{name}-{number}",
                    "user_code": f"A{number}",
                    "time": "2019/12/30 17:06:14",
                }
                writer.writerow(said | {"title": text, "detail": detail})
                count += 1
    return count


def test_the_document_is_followed_on_invented_files(
    invented: tuple[Path, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, messages = invented
    said = followed(folder, monkeypatch)
    _everything_stands(messages)
    assert Matter.objects.filter(placed=True).count() > messages / 2
    assert "PROVISIONAL" in said["load grids --generate --total 2309"].err
    _again(said)


def _again(said: dict[str, Said]) -> None:
    """Every file a second time: nothing changes."""
    before = [model.objects.count() for model in (Division, Boundary, Unit, Post, Matter)]
    for command in said:
        if command.startswith("load") and "--template" not in command and "--dry-run" not in command:
            onedoor(*shlex.split(command))
    assert [model.objects.count() for model in (Division, Boundary, Unit, Post, Matter)] == before
    assert onedoor("audit", "verify").status == 0


# The real files

if REAL.is_dir() or not REQUIRED:  # where nothing may be skipped, what only developers have is not asked for

    @pytest.mark.skipif(not REAL.is_dir(), reason=f"the real files of Hebi are not at {REAL}")
    def test_the_document_is_followed_on_hebis_real_files(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("hebi", "teddy", "teddy_hot", "teddy_replies"):
            (tmp_path / name).symlink_to(REAL / name)
        (tmp_path / "hebi.yaml").write_text(PROFILE.read_text("utf-8"), "utf-8")
        said = followed(tmp_path, monkeypatch)
        _everything_stands(17_964)
        levels = Counter(Division.objects.filter(valid_to=None).values_list("level", flat=True))
        assert levels == {"city": 1, "county": 6, "township": 48, "village": 1041, "grid": 2309}
        assert Matter.objects.filter(placed=False).count() == pytest.approx(17_856, rel=0.01)
        assert "鹤壁经济技术开发区" in said["load grids --generate --total 2309"].err
        text = DOCUMENT.read_text("utf-8")
        for count in (1096, 1041, 1024, 2309, 17_964):
            assert f"{count:,}" in text
