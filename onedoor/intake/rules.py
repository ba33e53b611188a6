"""What comes through the door, and how it is cleaned. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from onedoor.kernel.problems import BadInput, FieldError
from onedoor.kernel.texts import one_line, tidy

CHANNELS = ("web", "counter", "hotline", "grid", "api", "file")
LONGEST_TITLE, LONGEST_DETAIL, LONGEST_ADDRESS = 120, 8000, 200
LONGEST = {
    "title": LONGEST_TITLE, "detail": LONGEST_DETAIL, "address": LONGEST_ADDRESS,
    "name": 60, "contact": 60, "about_person": 60, "key": 80,
}  # fmt: skip
_FIRST_SENTENCE = re.compile(r"[^。！？!?\n]{4,60}")


@dataclass(frozen=True)
class Report:
    """A resident's filing, as any channel hands it over. Only what was said; the door finds the rest."""

    detail: str
    title: str = ""
    channel: str = "web"
    address: str = ""
    lon: float | None = None  # WGS84
    lat: float | None = None
    division_code: str = ""  # where the channel knows the place
    category: str = ""  # where somebody chose it
    name: str = ""
    contact: str = ""
    confidential: bool = False
    about_unit: int | None = None  # the unit complained of
    same_as: str = ""  # the number of a matter that the reporter takes for the same; the clerk decides
    about_person: str = ""  # a person or firm complained of, who is no unit of the city
    staff_only: bool = False  # found by staff on their round: there is no reporter
    key: str | None = None  # idempotency key: the same key gives the same matter
    at: datetime | None = None  # when it was said, where that was earlier (a file)


def cleaned(report: Report) -> Report:
    """The report with its texts in order. Raises BadInput naming every field that cannot be taken."""
    texts: dict[str, Any] = {
        name: one_line(getattr(report, name) or "") for name in LONGEST if name != "detail"
    }
    texts["detail"] = tidy(report.detail)
    errors = []
    if not texts["detail"] and not texts["title"]:
        errors.append(FieldError("detail", "请写明发生了什么", "say what happened"))
    for name, most in LONGEST.items():
        if (found := len(texts[name])) > most:
            errors.append(
                FieldError(
                    name, f"最多 {most} 字，现有 {found} 字", f"at most {most} characters, not {found}"
                )
            )
    errors += _place_errors(report)
    if report.channel not in CHANNELS:
        known = ", ".join(CHANNELS)
        errors.append(FieldError("channel", f"渠道应为其一：{known}", f"the channel is one of {known}"))
    if errors:
        raise BadInput(errors)
    texts["title"] = texts["title"] or headline(texts["detail"])
    texts["key"] = texts["key"] or None
    return replace(report, **texts)


def _place_errors(report: Report) -> list[FieldError]:
    if (report.lon is None) != (report.lat is None):
        return [FieldError("lon", "经度和纬度须同时填写", "give both longitude and latitude")]
    if report.lon is None or report.lat is None or (-180 <= report.lon <= 180 and -90 <= report.lat <= 90):
        return []
    return [
        FieldError("lon", "经纬度超出范围，是否写反？", "out of range; are longitude and latitude swapped?")
    ]


def headline(detail: str) -> str:
    """A title for a filing that came without one: its first sentence, at most 60 characters."""
    found = _FIRST_SENTENCE.match(detail)
    return one_line(found.group() if found else detail[:60])
