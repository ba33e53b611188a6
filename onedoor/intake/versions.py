"""Versions of what the door learned, one line of them for each kind: asked for, taken or refused, retired, taken back.

Kinds are `queries.CATEGORY`, what a text is about, and `queries.SAME`, whether two filings are one matter. At most one
version of a kind is in use; without one what needs no learning serves: the catalogue's words, the weights set by hand.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import transaction
from django.db.models import Max

from onedoor.intake import queries
from onedoor.intake.events import LearningAsked, ModelChosen, ModelRetired, ModelTrained
from onedoor.intake.models import ASKED, IN_USE, RETIRED, TrainedModel
from onedoor.kernel import log, time
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import Conflict, NotAllowed, NotFound

STEERS = ("coordinator", "supervisor")


def ask(actor: Actor, kind: str) -> TrainedModel:
    """Asks for a version to be learned soon; the one that is asked for already, where there is one."""
    may_steer(actor)
    with transaction.atomic():
        waiting = TrainedModel.objects.filter(kind=kind, state=ASKED).first()
        if waiting is None:
            waiting = _new(kind)
            log.append(waiting, LearningAsked(kind, waiting.number), actor)
        return waiting


def begun(actor: Actor, kind: str) -> TrainedModel:
    """The version that is asked for, else a new one, to be trained now. Raises NotAllowed."""
    may_steer(actor)
    return TrainedModel.objects.filter(kind=kind, state=ASKED).first() or _new(kind)


def _new(kind: str) -> TrainedModel:
    last = TrainedModel.objects.filter(kind=kind).aggregate(last=Max("number"))["last"] or 0
    return TrainedModel.objects.create(kind=kind, number=last + 1, state=ASKED, asked_at=time.now())


@transaction.atomic
def settle(actor: Actor, version: TrainedModel, state: str, why: dict[str, str]) -> TrainedModel:
    """Takes a version into use, or refuses it, and says why."""
    version.why = why
    if state == IN_USE:
        _retire(actor, version.kind, version.number)
    version.state = state
    version.save()
    digest = hashlib.sha256(version.body).hexdigest() if version.body else ""
    told = ModelTrained(
        version.kind, version.number, state, version.examples, digest, _plain(version.figures), why
    )
    log.append(version, told, actor)
    queries.look_again()
    return version


def _plain(figures: dict[str, Any]) -> dict[str, Any]:
    """Figures without those that differ from run to run, which have no place in a chain that is compared."""
    return {
        name: {key: n for key, n in value.items() if key != "micros"} if isinstance(value, dict) else value
        for name, value in figures.items()
        if name != "train_s"
    }


def _retire(actor: Actor, kind: str, after: int) -> int:
    """Takes what is in use out of use; its number, 0 where nothing learned was."""
    held = TrainedModel.objects.select_for_update().filter(kind=kind, state=IN_USE).first()
    if held is None:
        return 0
    held.state = RETIRED
    held.save(update_fields=["state"])
    log.append(held, ModelRetired(kind, held.number, after), actor)
    return held.number


@transaction.atomic
def use(actor: Actor, kind: str, number: int) -> TrainedModel | None:
    """Goes back to an older version, or to what needs no learning (0). Raises NotAllowed, NotFound, Conflict."""
    may_steer(actor)
    if number == 0:
        _retire(actor, kind, 0)
        queries.look_again()
        return None
    version = TrainedModel.objects.select_for_update().filter(kind=kind, number=number).first()
    if version is None:
        raise NotFound(what=f"#{number}")
    if not version.body:
        raise Conflict(zh="该版本没有训练结果，不能启用", en="nothing was trained in this version")
    if version.state != IN_USE:
        before = _retire(actor, kind, number)
        version.state = IN_USE
        version.save(update_fields=["state"])
        log.append(version, ModelChosen(kind, number, before), actor)
        queries.look_again()
    return version


def may_steer(actor: Actor) -> None:
    """Raises NotAllowed unless the actor may have the door learn and choose among versions."""
    if actor.kind != "system" and not actor.holds(*STEERS):
        raise NotAllowed(what="分类学习 / what the door learns")
