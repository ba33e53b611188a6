"""The one door: locate → classify → match → route → open, for every channel."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.db import IntegrityError, transaction

from onedoor.city.models import Category
from onedoor.city.tree import Node
from onedoor.intake.classify import Suggestion
from onedoor.intake.match import Alike, Filed
from onedoor.intake.queries import Door, door, nearby
from onedoor.intake.route import route
from onedoor.intake.rules import Report, cleaned
from onedoor.kernel import log
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import BadInput, KeyReused, NotAllowed
from onedoor.kernel.sealing import query_code
from onedoor.matters import actions as matters
from onedoor.matters import policies
from onedoor.matters.actions.opening import Filing, PartyData
from onedoor.matters.actions.placing import Spot
from onedoor.matters.models import Matter
from onedoor.matters.moving import category_of
from onedoor.matters.queries import at_the_door
from onedoor.matters.rows import EVERYTHING, Rows, Seen

__all__ = ["Received", "Report", "consider", "place", "receive", "receive_many", "reclassify", "settle"]


Point = tuple[float, float]  # longitude, latitude, WGS84
MANY = 100  # filings at once from which on the collector of cycles rests
READ = 400  # characters of the body in which a place is looked for
AT_THE_POINT = (
    {"zh": "坐标落在此网格内", "en": "the point lies in this grid"},
    {"zh": "坐标不在任何网格内，落在此区划内", "en": "the point lies in no grid, but in this division"},
)


@dataclass(frozen=True)
class Received:
    """What came of a filing: its matter, the query code for the resident, and what the door thought."""

    matter: Matter
    code: str
    suggestions: list[Suggestion] = field(default_factory=list)
    repeated: bool = False  # the same idempotency key had been used before
    seen: Rows = EVERYTHING  # what may be shown as alike
    to_staff: bool = False

    @cached_property
    def alike(self) -> list[Alike]:
        """Open filings that may be about the same, best first: looked for when first asked for."""
        if self.repeated:
            return []
        matter = self.matter
        return nearby(
            Filed(
                matter.number, matter.title, matter.detail, matter.category.code, matter.division_id,
                matter.lon, matter.lat,
            ),
            self.seen,
            to_staff=self.to_staff,
        )  # fmt: skip


@dataclass(frozen=True)
class Considered:
    """Everything the door decided about a report, with its reasons."""

    report: Report
    division_id: int
    placed: bool
    category: Category
    unit_id: int
    suggestions: list[Suggestion]
    sure: bool  # somebody chose the category, or the city's threshold is reached
    why: dict[str, Any]


def receive(actor: Actor, report: Report) -> Received:
    """Takes in one filing. Raises BadInput, KeyReused. The same key gives the same matter.

    What staff are shown as alike is what they may see; a resident is shown numbers, which open nothing by themselves.
    """
    by_staff = actor.kind == "staff"
    seen = policies.sight(actor) if by_staff else EVERYTHING
    return replace(receive_many(actor, [report])[0], seen=seen, to_staff=by_staff)


def receive_many(actor: Actor, reports: Sequence[Report]) -> list[Received]:
    """Takes in filings in order, all or none, in a handful of statements. Raises BadInput, KeyReused."""
    with _undisturbed(len(reports)):
        reports = [cleaned(report) for report in reports]
        try:
            return _receive(actor, reports)
        except (
            IntegrityError
        ):  # another request with one of these keys came first: now it is there to be found
            if not any(report.key for report in reports):
                raise
            return _receive(actor, reports)


@contextmanager
def _undisturbed(count: int) -> Iterator[None]:
    """Without Python's search for cycles in memory, of which many filings at once leave none: a sixth of their time."""
    pausing = count >= MANY and gc.isenabled()
    if pausing:
        gc.disable()
    try:
        yield
    finally:
        if pausing:
            gc.enable()


@transaction.atomic
def _receive(actor: Actor, reports: list[Report]) -> list[Received]:
    known = _known([report.key for report in reports if report.key])
    fresh: dict[str | int, Considered] = {}
    slots: list[tuple[str | int, bool]] = []  # where a report's matter is found, and whether it came before
    for index, report in enumerate(reports):
        slot = report.key or index
        held = _said_before(slot, known, fresh)
        if held is None:
            fresh[slot] = consider(report, actor)
        elif held != _key_digest(report):
            raise KeyReused
        slots.append((slot, held is not None))
    opened = matters.open_many(actor, [_filing(item, actor) for item in fresh.values()])
    by_slot = known | dict(zip(fresh, opened, strict=True))
    return [
        Received(
            by_slot[slot], query_code(by_slot[slot].number),
            [] if repeated else fresh[slot].suggestions, repeated=repeated,
        )
        for slot, repeated in slots
    ]  # fmt: skip


def _said_before(
    slot: str | int, known: dict[str | int, Matter], fresh: dict[str | int, Considered]
) -> str | None:
    """The digest of what came under this key before, in the database or in the same batch."""
    if slot in known:
        return known[slot].key_digest
    return _key_digest(fresh[slot].report) if slot in fresh else None


def _known(keys: list[str]) -> dict[str | int, Matter]:
    return {matter.key or 0: matter for matter in Matter.objects.filter(key__in=keys)} if keys else {}


def _key_digest(report: Report) -> str:
    """What makes two filings with one key the same filing: all that was said."""
    return log.digest(
        report.title, report.detail, report.address, report.lon, report.lat, report.name, report.contact,
        report.about_unit, report.about_person,
    )  # fmt: skip


def consider(report: Report, actor: Actor | None = None) -> Considered:
    """What the door makes of a cleaned report, without opening anything: also for live suggestions."""
    held = door()
    division_id, placed, where = _locate(held, report, actor)
    suggestions = held.classifier.suggest(report.title, report.detail)
    category = _category(held, report, suggestions)
    if report.about_unit and report.about_unit not in held.directory.units:
        raise BadInput.of(
            "about_unit", "没有这个单位，请从列表中选择", "there is no such unit; choose from the list"
        )
    accused = frozenset({report.about_unit} if report.about_unit else ())
    receiver = actor.unit_id if actor else None
    routed = route(
        held.directory, category, division_id, placed=placed, complained_of=accused, receiver=receiver
    )
    why: dict[str, Any] = {
        "place": where,
        "category": {"chosen": report.category} if report.category else _explained(suggestions),
        "route": routed.why,
    }
    if report.same_as:
        why["same_as"] = report.same_as
    sure = bool(report.category) or suggestions[0].share >= held.places.profile.triage.accept
    return Considered(report, division_id, placed, category, routed.unit.pk, suggestions, sure, why)


def _explained(suggestions: list[Suggestion]) -> list[dict[str, Any]]:
    return [{"code": s.code, "share": s.share, "words": list(s.words[:6])} for s in suggestions]


def _category(held: Door, report: Report, suggestions: list[Suggestion]) -> Category:
    category = held.directory.categories.get(report.category or suggestions[0].code)
    if category is None or not at_the_door(category):
        raise BadInput.of(
            "category", "没有这个事项分类，请从列表中选择", "there is no such category; choose from the list"
        )
    return category


def _locate(held: Door, report: Report, actor: Actor | None) -> tuple[int, bool, dict[str, Any]]:
    """(division, is it a real place, why): by code, by point, by the words of the address, else nowhere yet."""
    by_code = held.places.by_code
    if report.division_code:
        node = by_code.get(report.division_code)
        if node is None:
            raise BadInput.of("division_code", "没有这个区划代码", "there is no division with this code")
        if node.parent_id is None:
            return _nowhere(held, actor, node, {})
        return node.id, True, {"by": "code", "zh": f"指定为{node.name}", "en": f"given as {node.code}"}
    if report.lon is not None and report.lat is not None:
        found = held.at(report.lon, report.lat)
        if found is not None:
            node, width = found
            return node.id, True, {"by": "point", **AT_THE_POINT[min(width, 1)]}
    named = held.gazetteer.find(f"{report.title} {report.detail[:READ]}", address=report.address)
    if named is not None and named.code and not named.candidates:
        return by_code[named.code].id, True, {"by": "words", **named.why}
    return _nowhere(held, actor, by_code.get(named.code or "") if named else None, named.why if named else {})


def _nowhere(
    held: Door, actor: Actor | None, within: Node | None, why: dict[str, str]
) -> tuple[int, bool, dict[str, Any]]:
    """No place yet: it waits in the list of the county it may lie in, else of the receiver's, else of the city."""
    near = next((reach.division_id for reach in actor.reaches), None) if actor else None
    known = within.id if within else near if near in held.places.nodes else held.places.root.id
    return (
        held.places.county(known).id,
        False,
        {"by": "none", "zh": "地点待核实", "en": "no place yet", **why},
    )


def _filing(item: Considered, actor: Actor) -> Filing:
    report = item.report
    receiver = actor.unit_id if actor.unit_id not in (item.unit_id, report.about_unit) else None
    return Filing(
        category=item.category,
        unit_id=item.unit_id,
        division_id=item.division_id,
        placed=item.placed,
        title=report.title,
        detail=report.detail,
        channel=report.channel,
        address=report.address,
        lon=report.lon,
        lat=report.lat,
        confidential=report.confidential or item.category.confidential,
        category_sure=item.sure,
        parties=tuple(_parties(report)),
        receiver_id=receiver,
        key=report.key,
        key_digest=_key_digest(report) if report.key else "",
        said_at=report.at,
        why=item.why,
    )


def _parties(report: Report) -> list[PartyData]:
    parties = []
    if not report.staff_only:
        parties.append(PartyData("reporter", report.name, report.contact, confidential=report.confidential))
    if report.about_unit or report.about_person:
        parties.append(PartyData("respondent", report.about_person, unit_id=report.about_unit))
    return parties


def place(
    actor: Actor, number: str, division_id: int, reason: str = "", *, point: Point | None = None,
    address: str | None = None,
) -> Matter:  # fmt: skip
    """The clerk says where a matter lies; it is routed anew from there. Raises NotFound, NotAllowed, BadInput.

    The point on the map is the one given, else the one it had; one that does not lie in the division is dropped, for a
    map that shows another place misleads. The address stays unless another is given.
    """
    matter, accused = _reach(actor, number)
    routed = route(door().directory, category_of(matter), division_id, complained_of=accused)
    lon, lat = _point_in(division_id, point, (matter.lon, matter.lat))
    spot = Spot(lon, lat, matter.address if address is None else address)
    return matters.place(actor, number, division_id, routed.unit.pk, spot=spot, why=routed.why, reason=reason)


def _point_in(
    division_id: int, *points: tuple[float | None, float | None] | None
) -> Point | tuple[None, None]:
    """The first of the points that lies in a division."""
    for lon, lat in (point for point in points if point):
        if lon is None or lat is None:
            continue
        found = door().at(lon, lat)
        if found is not None and division_id in found[0].path:
            return lon, lat
    return None, None


def reclassify(actor: Actor, number: str, code: str, reason: str = "") -> Matter:
    """The clerk corrects the category before anybody has acted; it is routed anew. Raises as `place` does."""
    matter, accused = _reach(actor, number)
    held = door()
    category = held.directory.categories.get(code)
    if category is None or not at_the_door(category):
        raise BadInput.of("category", "没有这个事项分类", "there is no such category")
    routed = route(held.directory, category, matter.division_id, placed=matter.placed, complained_of=accused)
    return matters.correct(actor, number, category, routed.unit.pk, why=routed.why, reason=reason)


def settle(actor: Actor, number: str, code: str) -> Matter:
    """The clerk says which category of those suggested it is: the present one is confirmed, another corrects it.

    Raises as `reclassify` does.
    """
    matter = policies.reach(actor, number)
    if code == category_of(matter).code:
        return matters.confirm_category(actor, number)
    return reclassify(actor, number, code)


def _reach(actor: Actor, number: str) -> tuple[Matter, frozenset[int]]:
    matter = policies.reach(actor, number)
    if not policies.performs(matter, ["clerk", "coordinator", "system"]):
        raise NotAllowed(what=f"更正 / correct {number}")
    seen = matter.seen or Seen(matter)
    return matter, frozenset(unit for unit, _ in seen.accused if unit)
