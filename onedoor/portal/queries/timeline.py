"""The history of a filing as its resident may read it: a line for what concerns her, none for what stays inside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from onedoor.kernel.models import Entry
from onedoor.kernel.redaction import redact
from onedoor.kernel.wording import day
from onedoor.matters import procedures
from onedoor.matters.clocks import moment
from onedoor.matters.language import Action, FormField, Procedure
from onedoor.notices.queries import told_by
from onedoor.portal import policies, wording
from onedoor.portal.queries.matters import Filing, state_title
from onedoor.portal.wording import Both

Line = dict[str, Any]  # as the `timeline` component takes it
LEVELS = {
    2: {"zh": "多个单位一起办理", "en": "Several units work on it together"},
    3: {"zh": "已由领导包案办理", "en": "A leader has taken charge of it"},
}
ICONS = {"resident": "person", "system": "clock"}


def timeline(found: Filing) -> list[Line]:
    """The lines, the newest first."""
    return [line for entry in found.entries if (line := _line(found, entry))]


def _line(found: Filing, entry: Entry) -> Line | None:
    own = entry.stream == found.own.stream
    reader = (OWN if own else {}).get(entry.kind) or (
        ASKED if entry.stream == found.asked.stream else {}
    ).get(entry.kind)
    if own and found.joined and entry.kind == "acted":
        reader = _acted  # what happened to her filing before it was joined
    line = reader(found, entry) if reader else None
    return {"at": entry.at, **line} if line else None


def _words(entry: Entry) -> Mapping[str, Any]:
    return entry.words or {}


def _opened(found: Filing, entry: Entry) -> Line:
    return {"title": _("We received it"), "icon": "door", "tone": "teal"}


def _noted(found: Filing, entry: Entry) -> Line | None:
    if entry.by_kind != "resident":
        return None
    return {"title": _("You wrote"), "icon": "chat", "words": _words(entry).get("text", "")}


def _attached(found: Filing, entry: Entry) -> Line | None:
    return {"title": _("You added a file"), "icon": "clip"} if entry.by_kind == "resident" else None


def _joined(found: Filing, entry: Entry) -> Line:
    words = _("Your number, your notices and your last word stay yours.")
    return {
        "title": _("Handled together with another report of the same thing"),
        "icon": "link",
        "words": words,
    }


def _separated(found: Filing, entry: Entry) -> Line:
    return {"title": _("Handled on its own again"), "icon": "split"}


def _took_in(found: Filing, entry: Entry) -> Line | None:
    if entry.body.get("number") == found.own.number:
        return None
    return {"title": _("Somebody else reported the same thing"), "icon": "people"}


def _erased(found: Filing, entry: Entry) -> Line:
    return {"title": _("Personal data was erased on time"), "icon": "shield"}


def _changed(found: Filing, entry: Entry) -> Line | None:
    changes = entry.body.get("changes", {})
    facts = _moved(changes)
    if "category_id" in changes:
        return {"title": _("What it is about was corrected"), "icon": "list", "facts": facts}
    if "division_id" in changes or "placed" in changes:
        return {"title": _("The place was found out"), "icon": "pin", "facts": facts}
    return None


def _clock_moved(found: Filing, entry: Entry) -> Line | None:
    rule = found.procedure.clocks.get(entry.body.get("clock", ""))
    if rule is None or not policies.date_for(rule):
        return None
    before, after = (moment(entry.body[key]).date() for key in ("before", "after"))
    facts = [
        (rule.title, {lang: f"{day(before, lang)} → {day(after, lang)}" for lang in ("zh", "en")}),
    ]
    return {
        "title": _("A date was computed anew: the working calendar changed"),
        "icon": "calendar",
        "facts": facts,
    }


def _acted(found: Filing, entry: Entry) -> Line | None:
    procedure = _procedure(found, entry)
    action = procedure.actions.get(entry.body.get("action", ""))
    if action is None:
        return None
    line = _verdict(found, entry) or (
        _by_resident(found, entry, action)
        if entry.by_kind == "resident"
        else _by_office(procedure, entry, action)
    )
    if line is None:
        return None
    line["facts"] = [*line.get("facts", ()), *_moved(entry.body.get("changes", {}), place=False)]
    if entry.by_kind == "staff":
        line["unit"] = wording.unit(entry.by_unit)
        line["words"] = line.get("words") or _for_reader(found, _told_words(procedure, entry, action))
        line["facts"] = [*_facts(procedure, entry, action), *line["facts"]]
    return line


def _procedure(found: Filing, entry: Entry) -> Procedure:
    return found.procedure if entry.stream == found.asked.stream else procedures.of(found.own)


def _verdict(found: Filing, entry: Entry) -> Line | None:
    """A resident's word, by herself or on the telephone; or that nothing was said in time."""
    verdict = entry.body.get("done", {}).get("verdict")
    if not verdict:
        return None
    hers, solved = found.own.number in verdict["numbers"], verdict["solved"]
    if solved is None:
        return _unheard(entry, hers=hers)
    words = _own_words(entry) if hers and entry.by_kind == "resident" else ""
    title = _said(hers=hers, solved=solved, called=entry.by_kind == "staff")
    return {"title": title, "icon": "stamp", "tone": "good" if solved else "late", "words": words}


def _unheard(entry: Entry, *, hers: bool) -> Line | None:
    if entry.by_kind == "system":
        return {"title": _("Nothing was said in time, so it was closed"), "icon": "clock"}
    return {"title": _("We called and reached nobody"), "icon": "phone"} if hers else None


def _said(*, hers: bool, solved: bool, called: bool) -> str:
    if not hers:
        return (
            _("Somebody else who reported it said: solved")
            if solved
            else _("Somebody else who reported it said: not solved")
        )
    if called:
        return (
            _("On the telephone you said: solved") if solved else _("On the telephone you said: not solved")
        )
    return _("You said: solved") if solved else _("You said: not solved")


def _by_resident(found: Filing, entry: Entry, action: Action) -> Line:
    if found.shared:  # it may have been one of the others, and what she wrote is hers alone
        return {"title": action.title, "unit": _("one of those who reported it"), "icon": "person"}
    return {"title": action.title, "unit": _("you"), "icon": "person", "words": _own_words(entry)}


def _by_office(procedure: Procedure, entry: Entry, action: Action) -> Line | None:
    told, changes = told_by(action), entry.body.get("changes", {})
    if told:
        return {"title": told, "icon": "bell", "tone": "teal"}
    if "state" in changes:
        return {"title": state_title(procedure, changes["state"]), "icon": ICONS.get(entry.by_kind, "check")}
    level: Both | None = LEVELS.get(changes.get("level", 0))
    return {"title": level, "icon": "people"} if level else None


def _told_words(procedure: Procedure, entry: Entry, action: Action) -> str:
    """What staff wrote for her: the words of an action that tells her."""
    if told_by(action) is None:
        return ""
    text = _words(entry).get("text") or {}
    return "\n".join(text[name] for name in _form(procedure, action) if name in text)


def _for_reader(found: Filing, words: str) -> str:
    """As it was written; whoever joined later reads no telephone or number of whoever was first."""
    return redact(words) if found.joined else words


def _own_words(entry: Entry) -> str:
    return "\n".join(str(value) for value in (_words(entry).get("text") or {}).values())


def _facts(procedure: Procedure, entry: Entry, action: Action) -> list[tuple[Both, Both | str]]:
    if told_by(action) is None:
        return []
    form = _form(procedure, action)
    held = entry.body.get("facts", {})
    return [
        (field.title, _value(field, held[name]))
        for name, field in form.items()
        if name in held and policies.fact_for_her(field)
    ]


def _form(procedure: Procedure, action: Action) -> Mapping[str, FormField]:
    return procedure.forms.get(action.form or "", {})


def _value(field: FormField, value: Any) -> Both | str:
    if value in field.choices:
        return field.choices[value].model_dump()
    return wording.span(str(value)) if field.type == "span" else str(value)


def _moved(changes: Mapping[str, Any], *, place: bool = True) -> list[tuple[str, Both]]:
    """What the resident may know of the fields that changed."""
    facts: list[tuple[str, Both]] = []
    if place and "division_id" in changes:
        facts.append((_("Place"), wording.place(changes["division_id"])))
    if "category_id" in changes:
        facts.append((_("About"), wording.category(changes["category_id"])))
    if "unit_id" in changes:
        facts.append((_("Who answers"), wording.unit(changes["unit_id"])))
    return facts


Reader = Callable[[Filing, Entry], Line | None]
OWN: Mapping[str, Reader] = {
    "opened": _opened, "noted": _noted, "attached": _attached, "joined": _joined, "separated": _separated,
    "erased": _erased,
}  # fmt: skip
ASKED: Mapping[str, Reader] = {
    "acted": _acted, "changed": _changed, "took_in": _took_in, "clock_moved": _clock_moved,
}  # fmt: skip
