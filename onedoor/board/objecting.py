"""Objections to scores as the pages show them: beside the score, and to the office that decides."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from onedoor.appraisal import objections, policies
from onedoor.appraisal.models import ScoreObjection
from onedoor.appraisal.scores import appraising, explaining
from onedoor.board import scores
from onedoor.board.scores import Shown
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import NotFound

DECISIONS = {None: _("Waiting to be decided"), True: _("Upheld"), False: _("Turned down")}
TONES = {None: "info", True: "good", False: "plain"}


def standing(actor: Actor, shown: Shown, unit: str) -> dict[str, Any]:
    """Whether the scores were corrected, what was objected to for a unit, and whether the reader may object."""
    snapshot, newest = shown.snapshot, objections.newest(shown.snapshot)
    closes = objections.closes_at(snapshot)
    own = policies.sight(actor).is_own(shown.group, unit) and actor.holds(*policies.OBJECTING)
    return {
        "newest": None if newest == snapshot else reverse("board:score_unit", args=[newest.pk, unit]),
        "earlier": reverse("board:score_unit", args=[snapshot.corrects_id, unit])
        if snapshot.corrects_id
        else "",
        "objections": [_told(shown, one) for one in objections.objections(snapshot).filter(subject=unit)],
        "may_object": own and newest == snapshot and time.now() <= closes,
        "closes": closes,
    }


def _told(shown: Shown, one: ScoreObjection) -> dict[str, Any]:
    title = next(
        (p.part.title for p in shown.scheme.places(shown.snapshot.group) if p.code == one.code), one.code
    )
    return {
        "code": one.code, "title": title, "name": shown.name(one.subject), "unit": one.unit.title,
        "arbiter": one.arbiter.title, "reason": one.reason, "raised_at": one.raised_at, "due_at": one.due_at,
        "decided_at": one.decided_at, "decision": DECISIONS[one.upheld], "tone": TONES[one.upheld],
        "grounds": one.grounds, "period": shown.snapshot.period, "group": shown.group.title,
        "url": reverse("board:objection", args=[one.pk]),
    }  # fmt: skip


def waiting(actor: Actor) -> list[dict[str, Any]]:
    """The objections that the actor's units have to decide, and that she may decide. One query."""
    shown = ((Shown(one.snapshot, frozenset()), one) for one in objections.waiting(actor))
    return [_told(own, one) for own, one in shown if policies.decides(actor, one, own.group)]


def to_decide(actor: Actor, pk: int) -> tuple[Shown, ScoreObjection]:
    """One objection that the actor may decide. Raises NotFound."""
    found = ScoreObjection.objects.select_related("snapshot__scheme", "unit", "arbiter").filter(pk=pk).first()
    shown = Shown(found.snapshot, frozenset()) if found else None
    if found is None or shown is None or not policies.decides(actor, found, shown.group):
        raise NotFound(what=f"{pk}")
    return shown, found


def objected(actor: Actor, shown: Shown, one: ScoreObjection) -> dict[str, Any]:
    """What was objected to, with the figure as it stands and what tells against the unit: for whoever decides.

    Of the rows she reads those that her own posts let her open. Raises NotFound where there is no lake.
    """
    newest = objections.newest(shown.snapshot)
    place = next(p for p in shown.scheme.places(newest.group) if p.code == one.code)
    cell = appraising.scores_frozen(newest)[one.subject].cells[one.code]
    return _told(shown, one) | {
        "cell": explaining.explain(place, cell),
        "evidence": bool(place.part.evidence),
        "found": scores.behind(actor, shown, one.subject, place, "no") if place.part.indicator else None,
        "counted": cell.reading is not None and cell.reading.denominator is None,
    }
