"""The city, the door and the figures."""

from __future__ import annotations

from typing import Any, Literal

from ninja import Field, Schema

from onedoor.api.schemas.common import Asked, Paging, PlaceRef, Sent, Title, UnitRef
from onedoor.api.schemas.residents import AlikeOut, Guess


class CategoryOut(Schema):
    """A category of the catalogue, or a family of them."""

    code: str = Field(description="Its code.", examples=["property.deposit"])
    parent: str | None = Field(description="The family it belongs to.", examples=["property"])
    title: Title = Field(description="What people read.")
    about: Title | None = Field(description="What it covers.")
    can_be_filed: bool = Field(description="False for a family, which only groups.")
    confidential: bool = Field(description="Whether filings of it are confidential from the start.")
    competent: list[str] = Field(
        description="Kinds of units that answer, the leading one first.", examples=[["housing"]]
    )
    limits: dict[str, Any] = Field(
        description="Its time limits by clock: span, source, and how sure that source is."
    )


class DivisionOut(Schema):
    """A division or grid that stands today."""

    code: str = Field(description="Its code.", examples=["419801001"])
    name: str = Field(description="Its name.", examples=["柳镇"])
    level: str = Field(description="Its level in this city's tree.", examples=["township"])
    parent: str | None = Field(description="Code of the one above.", examples=["419801"])
    kind: str = Field(description="Urban, rural, exclusive, as the city's data says.")
    has_children: bool = Field(description="Whether there is anything below it.")


class DivisionFilter(Paging):
    """Which divisions to list."""

    parent: str = Field("", max_length=32, description="Code of the one above: its children only.")
    level: str = Field("", max_length=20, description="Only of this level.")


class DivisionPage(Schema):
    """A page of divisions, by code."""

    rows: list[DivisionOut] = Field(description="The divisions.")
    next: str = Field(description="Cursor of the next page; empty on the last.")


class UnitOut(UnitRef):
    """A unit that answers today."""

    name_en: str = Field(description="Its name in English, where it has one.")
    kind: str = Field(description="Its kind.", examples=["housing"])
    division: str = Field(description="Code of the division it answers for, with everything below.")
    phone: str = Field(description="Its public line.")


class UnitFilter(Paging):
    """Which units to list."""

    kind: str = Field("", max_length=40, description="Only of this kind.")
    division: str = Field("", max_length=32, description="Only those that answer in or below this division.")


class UnitPage(Schema):
    """A page of units, by code."""

    rows: list[UnitOut] = Field(description="The units.")
    next: str = Field(description="Cursor of the next page; empty on the last.")


class LocateFilter(Asked):
    """What to locate: a point, or the words of an address."""

    lon: float | None = Field(
        None, allow_inf_nan=False, description="Longitude, in `datum`.", examples=[114.005]
    )
    lat: float | None = Field(
        None, allow_inf_nan=False, description="Latitude, in `datum`.", examples=[35.505]
    )
    datum: str = Field("wgs84", max_length=40, description="wgs84, cgcs2000, gcj02 or bd09.")
    text: str = Field(
        "", max_length=400, description="Words that name a place.", examples=["柳镇前村小学门口"]
    )


class Located(Schema):
    """Where something lies."""

    place: PlaceRef | None = Field(description="The grid of the point, or the division that the words name.")
    lon: float | None = Field(description="The point in WGS84.")
    lat: float | None = Field(description="The point in WGS84.")
    candidates: list[PlaceRef] = Field(description="Places that the words may mean, where nothing decides.")
    why: Title = Field(description="Why.")


class SuggestIn(Sent):
    """A filing that is being written."""

    title: str = Field("", max_length=120, description="In a few words.")
    detail: str = Field("", max_length=8000, description="What happened.", examples=["物业公司不退装修押金"])
    address: str = Field("", max_length=200, description="Where, in words.")
    lon: float | None = Field(None, allow_inf_nan=False, description="Where: longitude, in `datum`.")
    lat: float | None = Field(None, allow_inf_nan=False, description="Where: latitude, in `datum`.")
    datum: str = Field("wgs84", max_length=40, description="wgs84, cgcs2000, gcj02 or bd09.")
    category: str = Field("", max_length=60, description="Code of the category, once somebody has chosen.")
    about_unit: str = Field("", max_length=40, description="Code of the unit complained of.")


class Suggested(Schema):
    """What the door would make of it; nothing has been opened."""

    suggestions: list[Guess] = Field(description="What it may be about, the likeliest first.")
    place: PlaceRef | None = Field(description="Where it seems to lie.")
    place_why: Title = Field(description="Why there.")
    unit: UnitRef = Field(description="Who would answer.")
    unit_why: Title = Field(description="Why that unit.")
    alike: list[AlikeOut] = Field(
        description="Filings that the caller may see and that may be about the same."
    )


class WeekFilter(Asked):
    """Which weekly sheet."""

    week: str = Field(max_length=10, description="A calendar week (ISO 8601).", examples=["2026-W46"])
    level: Literal["county", "unit"] = Field("unit", description="A row per county, or per unit.")
    division: str | None = Field(
        None, max_length=32, description="Code of a division: only what lies below it."
    )


class BehindFilter(WeekFilter, Paging):
    """Which figure of the sheet to open."""

    row: str = Field(
        "", max_length=40, description="Code of the row's county or unit; empty for the last line."
    )
    column: str = Field(max_length=30, description="Key of the column.", examples=["answered_in_time"])
    part: Literal["all", "yes", "no"] = Field(
        "all", description="Of a share: what counts for it, against it, or both."
    )


class CellOut(Schema):
    """A figure."""

    count: int = Field(description="What was counted.", examples=[12])
    of: int | None = Field(description="Out of how many; none for a plain count.", examples=[14])
    share: float | None = Field(
        description="count / of; none where nothing was due, never 0.", examples=[0.857]
    )
    few: bool = Field(description="Out of so few that it must not be compared.")


class SheetRow(Schema):
    """The figures of a county or unit."""

    code: str = Field(description="Its code.")
    name: str = Field(description="Its name.")
    name_en: str = Field(description="Its name in English, where it has one.")
    place: str = Field(description="Of a unit: its county.")
    cells: dict[str, CellOut] = Field(description="Its figures, by key of the column.")


class ColumnOut(Schema):
    """What a figure means."""

    key: str = Field(description="Its key.", examples=["answered_in_time"])
    title: Title = Field(description="What people read.")
    counts: Title = Field(description="The numerator, or what is counted.")
    out_of: Title | None = Field(description="The denominator; none for a plain count.")
    leaves_out: Title = Field(description="What is not counted.")
    judged: bool = Field(description="Whether it says anything about how well a unit works.")


class SheetOut(Schema):
    """The weekly sheet."""

    week: str = Field(description="The week.", examples=["2026-W46"])
    from_: str = Field(alias="from", description="Its Monday.", examples=["2026-11-09"])
    to: str = Field(description="Its Sunday.", examples=["2026-11-15"])
    level: str = Field(description="county or unit.")
    division: dict[str, str] = Field(description="The place it covers: code and name.")
    made_at: str = Field(description="When it was made.")
    over: bool = Field(description="Whether the week was over then; before that figures still grow.")
    few: int = Field(description="A share out of fewer than this is marked.", examples=[5])
    columns: list[ColumnOut] = Field(description="What each figure means.")
    rows: list[SheetRow] = Field(description="Those with something due.")
    apart: list[SheetRow] = Field(description="Those with nothing due: not judged, and not shown as 0 %.")
    total: SheetRow = Field(description="All together.")
