"""Reads of the API's own: what a resident may see of her matter, and which matters a filter means."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from onedoor.api import shaping
from onedoor.api.schemas.matters import MatterFilter
from onedoor.city.queries import directory, subtree
from onedoor.city.tree import tree
from onedoor.kernel.actor import Actor
from onedoor.kernel.datum import Datum, to_wgs84
from onedoor.kernel.problems import BadInput, NotFound
from onedoor.kernel.redaction import redact
from onedoor.kernel.time import CITY_ZONE, now
from onedoor.matters import policies, procedures, queries
from onedoor.matters.language import Procedure, State
from onedoor.matters.models import Matter
from onedoor.matters.titles import JOINED
from onedoor.notices.queries import notices_of

# What the resident may do → the action of the procedure that does it.
MAY = {"verdict": "not_solved", "supplement": "add", "withdraw": "withdraw", "appeal": "appeal"}


def filing_of(actor: Actor) -> Matter:
    """The filing whose number and code a resident has proved. Raises NotFound."""
    found = Matter.objects.filter(number=actor.number).select_related("master", "unit").first()
    if found is None:
        raise NotFound(what=actor.number)
    return found


def progress(actor: Actor) -> dict[str, Any]:
    """A resident's filing as she may see it. Raises NotFound.

    Of a filing that was joined she reads the handling of the master, but never what another reporter wrote.
    """
    filing = filing_of(actor)
    matter = policies.reach(actor, (filing.master or filing).number)
    procedure = procedures.of(matter)
    state = procedure.states.get(matter.state)
    unit = directory().units.get(matter.unit_id) or filing.unit
    return {
        "number": filing.number,
        "title": filing.title,
        "detail": filing.detail,
        "category": shaping.category_named(filing.category_id),
        "state": state_title(state) if state else JOINED.title,
        "open": matter.is_open,
        "joined": filing.master_id is not None,
        "unit": unit.name,
        "phone": unit.phone,
        "opened_at": filing.opened_at,
        "answer_due": answer_due(matter),
        "yours_until": _due(matter, _residents_clocks(procedure)),
        "can": may(matter, filing),
        "lines": _lines(matter, filing),
        "notices": [{"at": n.created_at, "text": n.text} for n in notices_of(filing.number)[:50]],
    }


def may(matter: Matter, filing: Matter) -> list[str]:
    """What the resident for whom `matter` was reached may do now; only her own filing may she take back."""
    open_to_her = {offer.key for offer in queries.offers(matter)}
    found = [name for name, key in MAY.items() if key in open_to_her]
    return [name for name in found if name != "withdraw" or matter.pk == filing.pk]


def answer_due(matter: Matter) -> datetime | None:
    """By when a matter should be answered, while that time runs."""
    return _due(matter, {"act"})


def _residents_clocks(procedure: Procedure) -> set[str]:
    """The clocks that give the resident time: they bind no unit, and at their end the system goes on without her."""
    return {name for name, rule in procedure.clocks.items() if rule.binds == "nobody" and rule.on_due}


def _due(matter: Matter, names: set[str]) -> datetime | None:
    running = matter.clocks.filter(name__in=names, state="running").order_by("due_at")
    return running.values_list("due_at", flat=True).first()


def _lines(matter: Matter, filing: Matter) -> list[dict[str, Any]]:
    """The history as the resident may read it: that her filing came in, and what was done that concerns her."""
    first = {"at": filing.opened_at, "title": queries.KIND_TITLES["opened"], "unit": "", "words": []}
    told = [
        _told(procedures.of(matter), line, joined=filing.pk != matter.pk) for line in queries.history(matter)
    ]
    return [first, *filter(None, told)]


def _told(procedure: Procedure, line: queries.Line, *, joined: bool) -> dict[str, Any] | None:
    """A line of the history for her; none for what stays between units.

    Words of staff reach her where the procedure has her told of the action, and what other reporters wrote never
    does; one who joined later reads no telephone number or name of an account in them.
    """
    action = procedure.actions.get(line.body.get("action", "")) if line.kind == "acted" else None
    if action is None:
        return None
    told = next((call.argument for call in action.effect if call.name == "tell"), None)
    state = procedure.states.get(line.changes.get("state", ""))
    if line.by_kind == "resident":
        title = action.title
    elif told:
        title = told
    elif state:
        title = state_title(state)
    else:
        return None
    said = line.words if told and line.by_kind == "staff" else []
    words = [text if isinstance(text, str) else text["zh"] for _, text in said]
    return {
        "at": line.at,
        "title": title,
        "unit": line.unit,
        "words": list(map(redact, words)) if joined else words,
    }


def state_title(state: State) -> dict[str, str]:
    """Where a matter stands, in the words that residents read."""
    return {"zh": state.resident.zh, "en": state.resident.en} if state.resident else state.title


def found(actor: Actor, wanted: MatterFilter) -> QuerySet[Matter]:
    """The matters that an actor may see and a filter means. Raises NotFound for a code that stands nowhere."""
    rows = queries.listed(policies.visible(actor)).filter(_columns(wanted), _days(wanted))
    if wanted.text:
        rows = rows.filter(_words(wanted.text))
    if wanted.overdue:
        rows = rows.filter(queries.OPEN, next_due__lt=now())
    return rows


def _columns(wanted: MatterFilter) -> Q:
    plain = {
        "is_open": wanted.open, "channel": wanted.channel, "state": wanted.state, "level": wanted.level,
        "placed": wanted.placed,
    }  # fmt: skip
    condition = Q(**{name: value for name, value in plain.items() if value not in (None, "")})
    if wanted.unit:
        condition &= Q(unit_id=unit_by_code(wanted.unit))
    if wanted.division:
        condition &= Q(division_id__in=subtree({division_by_code(wanted.division)}))
    if wanted.category:
        condition &= Q(category_id__in=_category_ids(wanted.category))
    return condition


def _days(wanted: MatterFilter) -> Q:
    condition = Q()
    if wanted.since:
        condition &= Q(opened_at__gte=datetime.combine(wanted.since, time(), CITY_ZONE))
    if wanted.until:
        condition &= Q(opened_at__lt=datetime.combine(wanted.until + timedelta(days=1), time(), CITY_ZONE))
    return condition


def _words(text: str) -> Q:
    text = text.strip()
    return (
        Q(number__startswith=text) if text.isascii() else Q(title__contains=text) | Q(address__contains=text)
    )


def unit_by_code(code: str) -> int:
    """The id of a unit that answers today. Raises NotFound."""
    held = next((unit.pk for unit in directory().units.values() if unit.code == code), None)
    if held is None:
        raise NotFound(what=code)
    return held


def division_by_code(code: str) -> int:
    """The id of a division that stands today. Raises NotFound."""
    node = tree().by_code.get(code)
    if node is None:
        raise NotFound(what=code)
    return node.id


def _category_ids(code: str) -> list[int]:
    categories = directory().categories
    if code not in categories:
        raise NotFound(what=code)
    top = categories[code].pk
    return [category.pk for category in categories.values() if top in (category.pk, category.parent_id)]


def in_wgs84(lon: float | None, lat: float | None, datum: str) -> tuple[float | None, float | None]:
    """A point in the datum that OneDoor keeps. Raises BadInput for a datum nobody knows."""
    known = Datum.parse(datum)
    if lon is None or lat is None or not (-180 <= lon <= 180 and -90 <= lat <= 90):
        return lon, lat  # the door says what is wrong with it
    return to_wgs84(lon, lat, known)


def unit_named(field: str, code: str) -> int | None:
    """The id of the unit that a field names by its code; none where it names none. Raises BadInput."""
    held = next((unit.pk for unit in directory().units.values() if unit.code == code), None) if code else None
    if code and held is None:
        raise BadInput.of(field, "没有这个单位代码", "no unit has this code; see /units")
    return held
