"""The desk's own forms, as the `field` tag takes them, and what is read from them. A procedure's forms are its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from onedoor.intake.rules import LONGEST_ADDRESS, LONGEST_DETAIL, LONGEST_TITLE, Report
from onedoor.kernel.problems import BadInput, FieldError

Field = dict[str, Any]
Sent = Mapping[str, str]

OLD, FRESH = "current-password", "new-password"  # what a password manager is told
SIGN_IN: tuple[Field, ...] = (
    {"name": "login", "kind": "text", "label": _("Login"), "required": True, "autocomplete": "username"},
    {"name": "password", "kind": "password", "label": _("Password"), "required": True, "autocomplete": OLD},
)
PASSWORD: tuple[Field, ...] = (
    {"name": "old", "kind": "password", "label": _("Your present password"), "required": True, "autocomplete": OLD},
    {"name": "new", "kind": "password", "label": _("The new one"), "required": True, "autocomplete": FRESH,
     "help": _("At least 8 characters, not all digits, none of the common ones.")},
    {"name": "again", "kind": "password", "label": _("The new one, once more"), "required": True,
     "autocomplete": FRESH},
)  # fmt: skip
REASON: Field = {
    "name": "reason", "kind": "long_text", "label": _("Reason"), "required": True, "most": 2000, "rows": 3,
}  # fmt: skip
REMARK: Field = REASON | {"label": _("Remark"), "required": False}
RESULT: Field = REASON | {"name": "result", "label": _("What was done"), "most": 4000}
NOTE: Field = REASON | {"name": "text", "label": _("Note"), "most": 4000}
OPINION: Field = REASON | {"name": "opinion", "label": _("Your unit's opinion"), "most": 4000, "rows": 5}
TOLD: tuple[Field, ...] = (
    {"name": "channel", "kind": "choice", "label": _("How she was told"), "required": True,
     "options": {"phone": _("By telephone"), "letter": _("By letter"), "visit": _("In person")}},
    REMARK | {"name": "remark", "rows": 2, "most": 500},
)  # fmt: skip
PARTY_ROLES = {
    "respondent": _("Complained of"), "representative": _("Representative"), "reporter": _("Reporter"),
    "other": _("Other party"),
}  # fmt: skip
COUNTER = {"counter": _("At the counter"), "hotline": _("By telephone")}
ON_THE_ROUND = {"grid": _("Found on the round")}


def take_in(channels: Mapping[str, Any], units: list[Any]) -> dict[str, Field]:
    """The fields of the form at the counter, by name."""
    rows: tuple[Field, ...] = (
        {"name": "channel", "kind": "choice", "label": _("How it came"), "required": True, "options": channels},
        {"name": "detail", "kind": "long_text", "label": _("What was said"), "required": True, "rows": 6,
         "most": LONGEST_DETAIL,
         "placeholder": _("In the resident's own words: what, where, since when, what she wants")},
        {"name": "title", "kind": "text", "label": _("Title"), "most": LONGEST_TITLE,
         "help": _("Left empty, it is the first sentence.")},
        {"name": "address", "kind": "place", "label": _("Where"), "most": LONGEST_ADDRESS},
        {"name": "name", "kind": "text", "label": _("Name"), "most": 60, "autocomplete": "off"},
        {"name": "contact", "kind": "phone", "label": _("Telephone"), "most": 60, "autocomplete": "off"},
        {"name": "about_unit", "kind": "unit", "label": _("Unit complained of"), "options": units,
         "help": _("It will neither handle this nor see it.")},
        {"name": "about_person", "kind": "text", "label": _("Person or firm complained of"), "most": 60},
        {"name": "files", "kind": "file", "label": _("Photos and papers"), "multiple": True},
    )  # fmt: skip
    return {row["name"]: row for row in rows}


def opening(options: Mapping[str, Any]) -> tuple[Field, ...]:
    """The fields of a matter that a unit opens itself."""
    return (
        {"name": "what", "kind": "choice", "label": _("What is opened"), "required": True, "options": options},
        {"name": "title", "kind": "text", "label": _("Title"), "required": True, "most": LONGEST_TITLE},
        {"name": "detail", "kind": "long_text", "label": _("What it springs from"), "rows": 4,
         "most": LONGEST_DETAIL},
    )  # fmt: skip


def report(sent: Sent) -> Report:
    """What was taken in, as the door takes it. Raises BadInput for coordinates that are no numbers."""
    lon, lat = coordinates(sent)
    unit = sent.get("about_unit", "")
    return Report(
        detail=sent.get("detail", ""),
        title=sent.get("title", ""),
        channel=sent.get("channel", "") or "counter",
        address=sent.get("address", ""),
        lon=lon,
        lat=lat,
        division_code=sent.get("division", ""),
        category=sent.get("category_other", "") or sent.get("category", ""),
        name=sent.get("name", ""),
        contact=sent.get("contact", ""),
        confidential=bool(sent.get("confidential")),
        about_unit=int(unit) if unit.isascii() and unit.isdigit() else None,
        about_person=sent.get("about_person", ""),
        staff_only=sent.get("channel") == "grid" and not (sent.get("name") or sent.get("contact")),
        key=sent.get("key") or None,
    )


def coordinates(sent: Sent) -> tuple[float | None, float | None]:
    """Longitude and latitude; None for an empty one. Raises BadInput for what is no number."""
    found: list[float | None] = []
    for name in ("lon", "lat"):
        text = sent.get(name, "").strip()
        try:
            found.append(float(text) if text else None)
        except ValueError:
            raise BadInput(
                [
                    FieldError(
                        name, "经纬度应为数字，如 114.29541", "write degrees as a number, e.g. 114.29541"
                    )
                ]
            ) from None
    return found[0], found[1]


def party(units: list[Any]) -> tuple[Field, ...]:
    """The fields of another party."""
    return (
        {"name": "role", "kind": "choice", "label": _("Part in the matter"), "required": True, "options": PARTY_ROLES,
         "value": "respondent"},
        {"name": "name", "kind": "text", "label": _("Name"), "most": 60, "autocomplete": "off"},
        {"name": "contact", "kind": "phone", "label": _("Telephone"), "most": 60, "autocomplete": "off"},
        {"name": "unit", "kind": "unit", "label": _("Or a unit of the city"), "options": units,
         "help": _("A unit complained of no longer sees the matter.")},
    )  # fmt: skip
