"""Parties as staff see them before they ask: masked, and a confidential one not at all beyond the door."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from onedoor.desk.shown import words
from onedoor.desk.shown.words import Both
from onedoor.matters import policies, procedures
from onedoor.matters.models import Matter, Party

HIDDEN = {"zh": "保密，仅受理窗口可见", "en": "Kept at the door"}
NAMELESS = {"zh": "未留姓名", "en": "No name given"}
ERASED = {"zh": "个人信息已清除", "en": "Personal data erased"}

PURPOSES: tuple[dict[str, Any], ...] = (
    {"value": "电话回访", "label": _("To call back")},
    {"value": "核实情况", "label": _("To ask what happened")},
    {"value": "上门走访", "label": _("To visit")},
    {"value": "通知调解或会商", "label": _("To invite to mediation or a meeting")},
    {"value": "送达文书", "label": _("To deliver a document")},
)


def mask_name(name: str) -> str:
    """王小明 → 王**: the first character, and a star for each other one."""
    return name[:1] + "*" * (len(name) - 1)


def mask_contact(contact: str) -> str:
    """13800002210 → 138****2210; of a shorter one only the end stays."""
    if len(contact) >= 11:
        return f"{contact[:3]}****{contact[-4:]}"
    return "*" * max(0, len(contact) - 2) + contact[-2:] if contact else ""


def may_show(matter: Matter, party: Party) -> bool:
    """Whether there is something to ask for, and the reader may."""
    return (
        bool(party.name or party.contact) and not party.erased_at and policies.may_read_contact(matter, party)
    )


def title(matter: Matter, party: Party) -> Both:
    """A party in a line: its role and what may be seen of its name."""
    role, name = words.ROLE_TITLES.get(party.role, {}), named(matter, party)
    return {lang: f"{role.get(lang, party.role)} · {name[lang]}" for lang in ("zh", "en")}


def named(matter: Matter, party: Party) -> Both:
    """The name as it may be seen without asking."""
    if party.erased_at:
        return ERASED
    if party.unit_id:
        return words.unit(party.unit_id) or NAMELESS
    if party.confidential and not policies.may_read_contact(matter, party):
        return HIDDEN
    masked = mask_name(party.name)
    return {"zh": masked, "en": masked} if masked else NAMELESS


def card(matter: Matter, party: Party) -> dict[str, Any]:
    """As the party card takes it."""
    hidden = bool(party.erased_at) or (party.confidential and not policies.may_read_contact(matter, party))
    return {
        "pk": party.pk,
        "role_title": words.ROLE_TITLES.get(party.role, {"zh": party.role, "en": party.role}),
        "name": named(matter, party),
        "contact": "" if hidden else mask_contact(party.contact),
        "confidential": party.confidential,
        "stance": _stances(matter, party),
        "askable": may_show(matter, party),
    }


def _stances(matter: Matter, party: Party) -> Both | None:
    """What the party said on the topics of the procedure, in the words of its forms."""
    said = [choice for value in party.stances.values() if (choice := _choice(matter, value))]
    if not said:
        return None
    return {"zh": "；".join(c["zh"] for c in said), "en": "; ".join(c["en"] for c in said)}


def _choice(matter: Matter, value: str) -> Both | None:
    for form in procedures.of(matter).forms.values():
        for field in form.values():
            if value in field.choices:
                return {"zh": field.choices[value].zh, "en": field.choices[value].en}
    return None
