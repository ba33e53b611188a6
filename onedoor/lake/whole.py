"""Rows of the small tables that are read whole at every export: units, places, published surveys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from onedoor.city.models import Division, Unit
from onedoor.city.tree import tree
from onedoor.lake.codes import Codes
from onedoor.lake.files import Row
from onedoor.surveys.models import PUBLISHED, Round
from onedoor.surveys.queries import asked_in

TABLES = ("surveys", "units", "divisions")


def read(codes: Codes) -> Iterator[tuple[str, Row]]:
    """(table, row) of all of them."""
    yield from (("units", row) for row in _units(codes))
    yield from (("divisions", row) for row in _divisions(codes))
    yield from (("surveys", row) for row in _surveys(codes))


def _units(codes: Codes) -> Iterator[Row]:
    fields = ("code", "name", "kind", "division_id", "parent_id", "valid_from", "valid_to")
    for code, name, kind, division, parent, begins, ends in Unit.objects.values_list(*fields).iterator(2000):
        yield {
            "unit": code, "name": name, "kind": kind, "division": codes.divisions[division],
            "parent": codes.unit(parent), "valid_from": begins, "valid_to": ends,
        }  # fmt: skip


def _divisions(codes: Codes) -> Iterator[Row]:
    fields = (
        "code",
        "name",
        "level",
        "kind",
        "parent_id",
        "successor_id",
        "households",
        "valid_from",
        "valid_to",
    )
    rows = Division.objects.values_list(*fields).iterator(2000)
    for code, name, level, kind, parent, successor, households, begins, ends in rows:
        yield {
            "division": code, "name": name, "level": level, "kind": kind or None,
            "parent": codes.divisions.get(parent or 0), "successor": codes.divisions.get(successor or 0),
            "households": households, "valid_from": begins, "valid_to": ends,
        }  # fmt: skip


def _surveys(codes: Codes) -> Iterator[Row]:
    """The published headline by township; what the survey withholds is not there to be written."""
    level = tree().profile.level("township")
    by_code = {code: pk for pk, code in codes.divisions.items()}
    rounds = Round.objects.filter(state=PUBLISHED).select_related("questionnaire")
    for held in rounds.order_by("pk").iterator(chunk_size=100):
        for place in held.figures.get("places", ()):
            if level and place["level"] == level.key and place["counted"] and place["code"] in by_code:
                yield _survey(held, place, codes.counties[by_code[place["code"]]])


def _survey(held: Round, place: dict[str, Any], county: str) -> Row:
    told = place["counted"]
    return {
        "county": county, "division": place["code"], "survey": held.questionnaire.key, "round": held.period,
        "ended_on": held.ends, "question": asked_in(held).headline, "headline": True, "answered": told["n"],
        # the weighted share, of the answers: the answers themselves were counted, the share was published
        "counting": round(told["value"] * told["n"]),
        "share": told["value"], "low": told["low"], "high": told["high"],
    }  # fmt: skip
