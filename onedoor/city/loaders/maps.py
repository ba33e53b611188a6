"""Outlines and grids out of GeoJSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from onedoor.city import actions, outlines
from onedoor.city.actions import GridRow
from onedoor.city.loaders import geojson
from onedoor.city.loaders.columns import MAPS
from onedoor.city.loaders.geojson import Feature, Map
from onedoor.city.loaders.reading import Loaded, Options, Refusal, day, text, trial
from onedoor.city.loaders.sheets import division
from onedoor.city.models import Boundary, Division
from onedoor.city.outlines import Reference
from onedoor.city.rows import BoundaryRow, Remark, Taken
from onedoor.city.tree import tree
from onedoor.kernel import tables
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import BadInput, FieldError, Problem

Take = Callable[[Actor, Sequence[Any]], Taken]


class WrongDatum(Problem):
    """The coordinates fit their surroundings much better in another datum; nothing was loaded."""

    code, status = "wrong_datum", 400
    zh, en = "坐标系可疑，未导入：{zh}", "the datum seems wrong, nothing was loaded: {en}"


@dataclass(frozen=True, slots=True)
class _Read:
    """A feature that could be read: what is said of it by field, and its outline in WGS84."""

    feature: Feature
    values: Mapping[str, str]
    land: BaseGeometry


def load_boundaries(file: Path, options: Options) -> Loaded:
    """Outlines of divisions that stand, found by code or by a name that only one of them has.

    Raises BadInput for a file that is useless, WrongDatum where the coordinates are clearly in another datum.
    """

    def build(read: _Read, datum: str) -> BoundaryRow:
        return _boundary(read, datum, file)

    return _load(file, options, build, actions.take_boundaries)


def load_grids(file: Path, options: Options) -> Loaded:
    """Surveyed grids: a division of the deepest level and its outline in one. Raises as `load_boundaries` does."""
    deepest = tree().profile.levels[-1].key

    def build(read: _Read, datum: str) -> GridRow:
        made = division(read.values)
        if made.level and made.level != deepest:
            raise BadInput.of(
                "level",
                f"层级应为 {deepest}，现为「{made.level}」",
                f"the level must be {deepest}, this is {made.level!r}",
            )
        return GridRow(replace(made, level=deepest, provisional=False), _boundary(read, datum, file))

    return _load(file, options, build, actions.take_grids)


def _boundary(read: _Read, datum: str, file: Path) -> BoundaryRow:
    source = text(read.values, "source") or file.name
    return BoundaryRow(text(read.values, "code"), read.land, source, datum, day(read.values, "valid_from"))


def _load(file: Path, options: Options, build: Callable[[_Read, str], Any], take: Take) -> Loaded:
    found = geojson.read(file, options.datum)
    loaded = Loaded(
        str(file),
        len(found.features),
        remarks=list(found.remarks),
        rejects=options.rejects,
        dry_run=options.dry_run,
    )
    rename = _columns(found, options, loaded)
    refused: list[tuple[Feature, list[FieldError], BaseGeometry | None]] = []
    reads, rows = [], []
    for feature in found.features:
        try:
            read = _values(feature, rename, found, options, loaded)
            rows.append(build(read, str(found.datum)))
            reads.append(read)
        except BadInput as problem:
            refused.append((feature, problem.errors, None))
    _check_datum(reads, found, options, loaded)
    with trial(dry_run=options.dry_run):
        loaded.taken = take(options.actor, rows)
    for index, errors in loaded.taken.refused.items():
        refused.append((reads[index].feature, errors, _suggested(reads[index])))
    refused.sort(key=lambda item: item[0].number)
    loaded.refusals = [Refusal(f.number, _called(f), tuple(errors)) for f, errors, _ in refused]
    loaded.remarks += loaded.taken.remarks
    if options.rejects:
        geojson.write_refused(options.rejects, found, refused)
    return loaded


def _columns(found: Map, options: Options, loaded: Loaded) -> dict[str, str]:
    headers = list(dict.fromkeys(key for feature in found.features for key in feature.properties))
    rename = MAPS.rename(headers, options.columns)
    missing = [header for header in rename if header not in headers]
    if missing:
        there = "、".join(headers)
        raise BadInput(
            [
                FieldError(
                    header, f"没有这一属性；现有：{there}", f"there is no such property; there are {there}"
                )
                for header in missing
            ]
        )
    loaded.unknown = MAPS.unknown(headers, rename)
    return rename


def _values(
    feature: Feature, rename: Mapping[str, str], found: Map, options: Options, loaded: Loaded
) -> _Read:
    """What a feature says, its outline in WGS84. Raises BadInput with everything that is wrong."""
    values, errors = {}, list(feature.problems)
    for header, name in rename.items():
        written = _text(feature.properties.get(header))
        if name in MAPS.dates and written:
            moment = tables.moment(written)
            if moment is None:
                errors.append(
                    FieldError(header, f"「{written}」不是日期", f"{written!r} is no date; write 2026-11-23")
                )
            written = moment or written
        values[name] = written
    if not values.get("code"):
        values["code"] = _by_name(values.get("name", ""))
    if not values["code"] and not errors:
        errors.append(
            FieldError(
                "code", "没有代码，也无法由名称唯一确定", "there is no code, and the name does not tell one"
            )
        )
    if errors or feature.land is None:
        raise BadInput(errors)
    land = outlines.in_wgs84(feature.land, found.datum)
    if options.mend and land.geom_type in outlines.POLYGONS and not land.is_valid:
        land = outlines.mended(land)
        loaded.remarks.append(
            Remark(f"{_called(feature)}：图形自相交，已修正", f"{_called(feature)}: the outline was mended")
        )
    return _Read(feature, values, land)


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return tables.plain(str(value)) if value is not None else ""


def _by_name(name: str) -> str:
    codes = [node.code for node in tree().nodes.values() if name and node.name == name]
    return codes[0] if len(codes) == 1 else ""


def _called(feature: Feature) -> str:
    said = feature.properties
    told = (said.get(key) for key in ("code", "adcode", "代码", "网格编码", "name", "名称", "网格名称"))
    return " ".join(str(value) for value in told if value not in (None, ""))[:60]


def _suggested(read: _Read) -> BaseGeometry | None:
    """A mended outline, in the file's own coordinates, for one that crosses itself."""
    land = read.feature.land
    if land is None or land.geom_type not in outlines.POLYGONS or land.is_valid:
        return None
    return outlines.mended(shapely.force_2d(land))


def _check_datum(reads: Sequence[_Read], found: Map, options: Options, loaded: Loaded) -> None:
    """Raises WrongDatum, or with `sure` only tells it."""
    references = _references([text(read.values, "code") for read in reads], [read.values for read in reads])
    sound = [
        (read.feature.land, ref)
        for read, ref in zip(reads, references, strict=True)
        if _usable(read.feature.land)
    ]
    suspicion = outlines.suspicion([land for land, _ in sound], [ref for _, ref in sound], found.datum)
    if suspicion is None:
        return
    told = suspicion.text
    if not options.sure:
        raise WrongDatum(**told)
    loaded.remarks.append(Remark(told["zh"], told["en"]))


def _usable(land: BaseGeometry | None) -> bool:
    return land is not None and land.geom_type in outlines.POLYGONS and not outlines.faults(land)


def _beginning(code: str, known: Mapping[str, str | None]) -> str:
    """The longest beginning of a code that is itself the code of a division."""
    return next((code[:length] for length in range(len(code) - 1, 0, -1) if code[:length] in known), "")


def _references(codes: Sequence[str], values: Sequence[Mapping[str, str]]) -> list[Reference | None]:
    """For each feature what it should fit: its own surveyed outline, else that of the nearest place above it."""
    held = {
        code: shapely.from_wkb(bytes(wkb))
        for code, wkb in Boundary.objects.filter(
            valid_to=None, division__valid_to=None, provisional=False
        ).values_list("division__code", "wkb")
    }
    above = dict(Division.objects.filter(valid_to=None).values_list("code", "parent__code"))
    found: list[Reference | None] = []
    for code, said in zip(codes, values, strict=True):
        if code in held:
            found.append(Reference(held[code], same=True))
            continue
        parent = above.get(code) or text(said, "parent_code") or _beginning(code, above)
        while parent and parent not in held:
            parent = above.get(parent) or ""
        found.append(Reference(held[parent], same=False) if parent else None)
    return found
