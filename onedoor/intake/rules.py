"""What comes through the door, and how it is cleaned. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from onedoor.kernel.problems import BadInput, FieldError

CHANNELS = ("web", "counter", "hotline", "grid", "api", "file")
LONGEST_TITLE, LONGEST_DETAIL, LONGEST_ADDRESS, LONGEST_KEY = 120, 8000, 200, 80
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\ufeff]")
_FIRST_SENTENCE = re.compile(r"^[^。!?!?\n]{4,60}")


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
    about_person: str = ""  # a person or firm complained of, who is no unit of the city
    staff_only: bool = False  # found by staff on their round: there is no reporter
    key: str | None = None  # idempotency key: the same key gives the same matter
    at: datetime | None = None  # when it was said, where that was earlier (a file)


def cleaned(report: Report) -> Report:
    """The report with its texts in order. Raises BadInput naming every field that cannot be taken."""
    detail, title = tidy(report.detail), tidy(report.title)
    errors = []
    if not detail and not title:
        errors.append(FieldError("detail", "请写明发生了什么", "say what happened"))
    for name, text, most in (
        ("title", title, LONGEST_TITLE), ("detail", detail, LONGEST_DETAIL),
        ("address", report.address, LONGEST_ADDRESS),
        ("name", report.name, 60), ("contact", report.contact, 60), ("about_person", report.about_person, 60),
        ("key", report.key or "", LONGEST_KEY),
    ):  # fmt: skip
        if len(text) > most:
            errors.append(
                FieldError(
                    name,
                    f"最多 {most} 字，现有 {len(text)} 字",
                    f"at most {most} characters, not {len(text)}",
                )
            )
    errors += _place_errors(report)
    if report.channel not in CHANNELS:
        known = ", ".join(CHANNELS)
        errors.append(FieldError("channel", f"渠道应为其一:{known}", f"the channel is one of {known}"))
    if errors:
        raise BadInput(errors)
    texts = {"detail": detail, "title": title or headline(detail), "address": tidy(report.address)}
    return Report(**{**report.__dict__, **texts, "name": tidy(report.name), "contact": tidy(report.contact)})


def _place_errors(report: Report) -> list[FieldError]:
    if (report.lon is None) != (report.lat is None):
        return [FieldError("lon", "经度和纬度须同时填写", "give both longitude and latitude")]
    if (
        report.lon is not None
        and report.lat is not None
        and not (-180 <= report.lon <= 180 and -90 <= report.lat <= 90)
    ):
        return [
            FieldError(
                "lon", "经纬度超出范围，是否写反?", "out of range; are longitude and latitude swapped?"
            )
        ]
    return []


def tidy(text: str) -> str:
    """The text without invisible characters and outer white space."""
    return _INVISIBLE.sub("", text).strip()


def headline(detail: str) -> str:
    """A title for a filing that came without one: its first sentence, at most 60 characters."""
    found = _FIRST_SENTENCE.match(detail)
    return (found.group() if found else detail[:60]).strip()
