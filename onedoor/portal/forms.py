"""The form in which a resident tells what happened: what it asks for, and what was sent, as the door takes it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from onedoor.city.queries import directory
from onedoor.intake.rules import LONGEST_ADDRESS, Report
from onedoor.kernel import files
from onedoor.kernel.problems import BadInput, FieldError
from onedoor.kernel.texts import one_line

LONGEST_STORY = 2000
MOST_FILES = 6
KEY = re.compile(r"[0-9a-f]{32}")
PHONE = re.compile(r"[+()\d][\d\s()\-]{5,19}")
NOT_SAME = "none"  # she looked at the matters nearby, and hers is another
ACCEPTED = "image/*,.pdf,.doc,.docx,.xls,.xlsx,.ofd"


def story() -> dict[str, Any]:
    """What happened."""
    return {
        "name": "detail", "kind": "long_text", "required": True, "max": LONGEST_STORY, "rows": 6,
        "label": _("In your own words"),
        "help": _("What, since when, and what you would like to be done."),
    }  # fmt: skip


def photos() -> dict[str, Any]:
    """Pictures and papers."""
    return {
        "name": "photos", "kind": "file", "multiple": True, "accept": ACCEPTED, "label": _("Photos or papers"),
        "help": _("Where and with what a photo was taken is removed from it."),
    }  # fmt: skip


def where(outline: str, grids: str) -> dict[str, Any]:
    """Where it is: words, or a point on the map of grids."""
    return {
        "name": "address", "kind": "place", "label": _("Address, or what is near it"),
        "map": {"outline": outline, "grids": grids},
        "help": _("As exactly as you can. If you do not know, leave it empty: we find out."),
    }  # fmt: skip


def who() -> list[dict[str, Any]]:
    """Who tells it, as far as she wants to say."""
    return [
        {"name": "name", "kind": "text", "label": _("Your name"), "autocomplete": "name", "max": 60},
        {
            "name": "contact", "kind": "phone", "label": _("Your telephone"), "autocomplete": "tel",
            "help": _("So that we can ask you, and tell you how it goes. Without it you follow it here yourself."),
        },
        {
            "name": "confidential", "kind": "choices", "label": _("Who may know that it was you?"),
            "options": [{
                "value": "yes", "label": _("Keep me confidential"),
                "hint": _("Only the reception knows who you are; the unit learns what happened, not who told it."),
            }],
        },
        {
            "name": "about", "kind": "lookup", "label": _("Is it about an office or a company?"), "max": 60,
            "help": _("Whoever it is about will not handle it, and is not told who you are."),
        },
    ]  # fmt: skip


def declared() -> list[dict[str, Any]]:
    """All fields, for the list of what is to be corrected."""
    return [story(), photos(), where("", ""), *who()]


def report(sent: Mapping[str, Any], same_as: str = "") -> Report:
    """What was sent, as the door takes it; what is wrong in it the door says. Raises BadInput."""
    errors: list[FieldError] = []
    lon, lat = (_degrees(sent.get(name, ""), name, errors) for name in ("lon", "lat"))
    contact = one_line(sent.get("contact", ""))
    if contact and not PHONE.fullmatch(contact):
        errors.append(
            FieldError(
                "contact", "请写电话号码，如 13800001234", "write a telephone number, such as 13800001234"
            )
        )
    if errors:
        raise BadInput(errors)
    unit, other = about(one_line(sent.get("about", "")))
    return Report(
        detail=sent.get("detail", ""),
        channel="web",
        address=one_line(sent.get("address", ""))[:LONGEST_ADDRESS],
        lon=lon,
        lat=lat,
        category=sent.get("category", ""),
        name=one_line(sent.get("name", "")),
        contact=contact,
        confidential=sent.get("confidential") == "yes",
        about_unit=unit,
        about_person=other,
        same_as=same_as,
        key=f"web-{key}" if (key := once(sent)) else None,
    )


def once(sent: Mapping[str, Any]) -> str:
    """The form's own key, if it is one that we made: the same form sent twice is one filing."""
    key = sent.get("key", "")
    return key if KEY.fullmatch(key) else ""


def new_key() -> str:
    """A key for another filing."""
    return uuid4().hex


def about(text: str) -> tuple[int | None, str]:
    """(unit, name) of whom it is about: a unit of the city where the words are its name, else somebody by name."""
    for unit in directory().units.values():
        if text and text in (unit.name, unit.name_en):
            return unit.pk, ""
    return None, text[:60]


def _degrees(text: str, name: str, errors: list[FieldError]) -> float | None:
    """A coordinate; None where nothing was written."""
    if not text.strip():
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        errors.append(FieldError("address", "坐标应为数字，或留空", "coordinates are numbers, or left empty"))
        return None
    return value


def uploads(sent: list[UploadedFile[Any]]) -> list[tuple[str, bytes]]:
    """The files that came with the form, as (name, content); too many or too large ones are refused.

    Raises BadInput.
    """
    if len(sent) > MOST_FILES:
        raise BadInput.of("photos", f"一次最多 {MOST_FILES} 个文件", f"at most {MOST_FILES} files at once")
    taken = []
    for upload in sent:
        name, content = upload.name or "", upload.read()
        if len(content) > files.MOST_BYTES:
            most = files.readable(files.MOST_BYTES)
            raise BadInput.of("photos", f"“{name}”超过 {most}", f"“{name}” is larger than {most}")
        if content:
            taken.append((name, content))
    return taken
