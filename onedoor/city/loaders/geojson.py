"""GeoJSON in and out: features one after the other, so that a file of 200 MB needs little more than its own size.

The datum is told by, in this order: the caller; the file's own members (`datum`, `source_crs`, or the older `crs`);
its name (`…_gcj02.geojson`). GeoJSON without any of these is WGS84 (RFC 7946), which is told as an assumption.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from onedoor.city.rows import Remark
from onedoor.kernel.datum import Datum
from onedoor.kernel.problems import BadInput, FieldError
from onedoor.kernel.tables.text import encoding_of

_SPACE = re.compile(r"[ \t\n\r]*")
_IN_NAME = re.compile(r"(wgs-?84|gcj-?02|cgcs-?2000|bd-?09)", re.I)
_OTHERS = {
    b"PK\x03\x04": ("压缩包（.zip、.kmz）", "an archive (.zip, .kmz)"),
    b"\x00\x00\x27\x0a": ("Shapefile(.shp)", "a shapefile (.shp)"),
    b"SQLite format 3": ("GeoPackage", "a GeoPackage"),
    b"<": ("KML 或 GML", "KML or GML"),
}


@dataclass
class Feature:
    """One feature: its place in the file, what is said of it, and its outline with the file's own coordinates."""

    number: int
    properties: dict[str, Any]
    land: BaseGeometry | None
    span: tuple[int, int] = (
        0,
        0,
    )  # where it stands in the text: a refused one is given back as it was written
    problems: list[FieldError] = field(default_factory=list)


@dataclass
class Map:
    """A file of features, with the datum of its coordinates and how that is known."""

    features: list[Feature]
    text: str
    datum: Datum
    remarks: list[Remark]

    def written(self, feature: Feature) -> Any:
        """The geometry of a feature as the file has it."""
        item = json.loads(self.text[slice(*feature.span)])
        return item.get("geometry") if isinstance(item, dict) else None


def read(file: Path, datum: str = "") -> Map:
    """Reads a GeoJSON file. Raises BadInput for one that is none, or whose datum is told in two ways."""
    text = _text(file)
    members, features = _parsed(text)
    said, remarks = _datum(file, members, datum)
    return Map(features, text, said, remarks)


def _text(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            head = opened.read(64)
            for magic, (zh, en) in _OTHERS.items():
                if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(magic):
                    raise BadInput.of(
                        "file",
                        f"这是{zh}，请在 QGIS 等软件中另存为 GeoJSON（EPSG:4490 或 EPSG:4326）",
                        f"this is {en}; save it as GeoJSON (EPSG:4490 or EPSG:4326) with QGIS or the like",
                    )
            codec = encoding_of(opened)
    except OSError as error:
        raise BadInput.of("file", f"打不开文件 {file}", f"cannot open {file}") from error
    return file.read_text(encoding=codec, errors="replace").lstrip("\ufeff")


class _Scanner:
    """Walks over the members of a JSON object without holding more than one feature as Python values."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.decoder = json.JSONDecoder()

    def peek(self) -> str:
        """The next character that is no white space; nothing at the end."""
        self.at = _SPACE.match(self.text, self.at).end()  # type: ignore[union-attr]
        return self.text[self.at : self.at + 1]

    def expect(self, char: str) -> None:
        """Passes over a character. Raises JSONDecodeError when another stands there."""
        if self.peek() != char:
            raise json.JSONDecodeError(f"expected {char!r}", self.text, self.at)
        self.at += 1

    def value(self) -> Any:
        """The next value."""
        self.peek()
        found, self.at = self.decoder.raw_decode(self.text, self.at)
        return found

    def members(self) -> Iterator[str]:
        """The keys of an object; the caller takes each value before asking for the next key."""
        self.expect("{")
        while self.peek() != "}":
            key = self.value()
            self.expect(":")
            yield str(key)
            if self.peek() != "}":
                self.expect(",")
        self.at += 1

    def elements(self) -> Iterator[tuple[Any, tuple[int, int]]]:
        """The values of an array, each with where it stands."""
        self.expect("[")
        while self.peek() != "]":
            start = self.at
            yield self.value(), (start, self.at)
            if self.peek() != "]":
                self.expect(",")
        self.at += 1


def _parsed(text: str) -> tuple[dict[str, Any], list[Feature]]:
    scanner, members, features = _Scanner(text), {}, []
    try:
        for key in scanner.members():
            if key == "features" and scanner.peek() == "[":
                features = [_feature(number, *found) for number, found in enumerate(scanner.elements(), 1)]
            else:
                members[key] = scanner.value()
    except json.JSONDecodeError as error:
        raise BadInput.of(
            "file",
            f"第 {error.lineno} 行第 {error.colno} 列不是合法的 GeoJSON，文件可能不完整，请重新导出",
            f"line {error.lineno}, column {error.colno} is not valid GeoJSON ({error.msg}); the file may be cut off",
        ) from error
    except RecursionError as error:
        raise BadInput.of(
            "file", "嵌套过深，不是正常的 GeoJSON", "nested too deeply to be GeoJSON"
        ) from error
    if members.get("type") == "Feature":
        features = [_feature(1, members, (0, len(text)))]
    if not features:
        raise BadInput.of(
            "file",
            "没有要素（features），应为 GeoJSON 的 FeatureCollection",
            "there are no features; a FeatureCollection is wanted",
        )
    return members, features


def _feature(number: int, item: Any, span: tuple[int, int]) -> Feature:
    if not isinstance(item, dict):
        return Feature(number, {}, None, span, [_bad("不是要素", "this is no feature")])
    properties = item.get("properties")
    raw = item.get("geometry")
    said = {str(key): value for key, value in properties.items()} if isinstance(properties, dict) else {}
    if "id" in item and not any(key in said for key in ("code", "adcode")):
        said.setdefault("id", item["id"])
    try:
        land = shapely.geometry.shape(raw) if raw else None
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, shapely.errors.ShapelyError):
        return Feature(
            number,
            said,
            None,
            span,
            [_bad("图形无法读取，请重新绘制", "the outline cannot be read; draw it again")],
        )
    problems = [] if land is not None else [_bad("没有图形", "there is no outline")]
    return Feature(number, said, land, span, problems)


def _bad(zh: str, en: str) -> FieldError:
    return FieldError("geometry", zh, en)


def _datum(file: Path, members: Mapping[str, Any], chosen: str) -> tuple[Datum, list[Remark]]:
    inside, in_name = _inside(members), _IN_NAME.search(file.stem)
    named = Datum.parse(in_name[1]) if in_name else None
    told = {datum for datum in (inside, named) if datum is not None}
    if chosen:
        said = Datum.parse(chosen)
        others = ", ".join(sorted(told - {said}))
        if others and not _equal(said, told):
            return said, [
                Remark(
                    f"文件自称 {others}，按要求以 {said} 读取",
                    f"the file says {others}; read as {said}, as asked",
                )
            ]
        return said, []
    if inside and named and not _equal(inside, told):
        raise BadInput.of(
            "datum",
            f"文件内写 {inside}，文件名写 {named}，请用 --datum 说明哪个正确",
            f"inside, the file says {inside}, its name says {named}; say which is right with --datum",
        )
    if inside or named:
        return inside or named or Datum.WGS84, []
    return Datum.WGS84, [
        Remark(
            "文件未说明坐标系，按 WGS84 读取；如为高德等地图导出，请加 --datum gcj02",
            "the file does not say its datum; read as WGS84. If it comes from a consumer map, add --datum gcj02",
        )
    ]


def _equal(one: Datum, others: set[Datum]) -> bool:
    """CGCS2000 and WGS84 agree far below what an outline needs."""
    same = {Datum.WGS84, Datum.CGCS2000}
    return others | {one} <= same or others <= {one}


def _inside(members: Mapping[str, Any]) -> Datum | None:
    crs = members.get("crs")
    named = crs.get("properties", {}).get("name") if isinstance(crs, dict) else None
    said = members.get("datum") or members.get("source_crs") or named
    if not said:
        return None
    return Datum.parse(re.split("[(（,，]", str(said))[0].strip())


Refused = tuple[Feature, Sequence[FieldError], BaseGeometry | None]


def write_refused(file: Path, source: Map, refused: Sequence[Refused]) -> None:
    """Writes refused features, one a line, with what is wrong and, where there is one, a mended outline.

    The file says the datum of its coordinates, so that it can be mended and loaded again as it is. It may be the one
    that was read; nothing is written when nothing was refused.
    """
    if not refused:
        return
    with file.open("w", encoding="utf-8") as out:
        out.write(f'{{"type": "FeatureCollection", "datum": "{source.datum}", "features": [\n')
        for number, item in enumerate(refused, 1):
            json.dump(_told(source, *item), out, ensure_ascii=False)
            out.write(",\n" if number < len(refused) else "\n]}\n")


def _told(
    source: Map, feature: Feature, errors: Sequence[FieldError], suggested: BaseGeometry | None
) -> dict[str, Any]:
    added: dict[str, Any] = {
        "problem_zh": "；".join(f"{error.field}：{error.zh}" for error in errors),
        "problem_en": "; ".join(f"{error.field}: {error.en}" for error in errors),
    }
    if suggested is not None and not suggested.is_empty:
        added["suggested"] = json.loads(shapely.to_geojson(suggested))
    return {"type": "Feature", "properties": feature.properties | added, "geometry": source.written(feature)}
