"""The door learns: a version is trained on closed matters, measured on others held out, and taken or refused.

It is taken only where it is right at least as often as what is in use on the same held-out matters; an older version,
or the catalogue's words alone, can be taken back at any time. All versions stay, with their figures.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from time import perf_counter
from typing import Any

from django.db import transaction
from django.db.models import Max

from onedoor.city.tree import tree
from onedoor.intake import queries
from onedoor.intake.classify import Catalogue, Classifier
from onedoor.intake.events import LearningAsked, ModelChosen, ModelRetired, ModelTrained
from onedoor.intake.lessons import NEWEST, Lesson, lessons, settled
from onedoor.intake.models import ASKED, IN_USE, REFUSED, RETIRED, TrainedModel
from onedoor.intake.queries import CATEGORY
from onedoor.kernel import log, time
from onedoor.kernel.actor import Actor
from onedoor.kernel.models import Entry
from onedoor.kernel.problems import Conflict, NotAllowed, NotFound

FEWEST, FEWEST_HELD_OUT = 40, 10  # lessons below which nothing is learned: it would be luck
MOST_HELD_OUT = 3000  # the newest of them, enough for a share to a third of a per cent
EVERY = timedelta(days=1)
STEERS = ("coordinator", "supervisor")
TOO_FEW = {
    "zh": "已办结的事项还太少，暂不学习",
    "en": "too few matters have been closed to learn from",
}
FAILED = {"zh": "学习出错，详见服务器日志", "en": "learning failed; the server's log says how"}
OVERTAKEN = {
    "zh": "学习期间已改用其他版本，未与其比较",
    "en": "another version came into use meanwhile, with which it was not compared",
}


@dataclass(frozen=True)
class Measured:
    """How a classifier does on matters held out: counts, of which a page makes shares."""

    of: int  # matters held out
    right: int  # whose category was suggested first
    in_three: int  # … or among the three
    automatic: int  # that the city's threshold takes without a clerk
    automatic_right: int
    micros: float  # microseconds for one text


def measured(classifier: Classifier, held_out: Sequence[Lesson], accept: float) -> Measured:
    """Asks a classifier about every matter held out."""
    right = in_three = automatic = automatic_right = 0
    began = perf_counter()
    for lesson in held_out:
        found = classifier.suggest(lesson.title, lesson.detail)
        hit, taken = found[0].code == lesson.code, found[0].share >= accept
        right += hit
        in_three += lesson.code in [one.code for one in found[:3]]
        automatic += taken
        automatic_right += taken and hit
    micros = (perf_counter() - began) * 1e6 / max(1, len(held_out))
    return Measured(len(held_out), right, in_three, automatic, automatic_right, round(micros, 1))


def ask(actor: Actor) -> TrainedModel:
    """Asks for a version to be learned soon; the one that is asked for already, where there is one."""
    _may_steer(actor)
    with transaction.atomic():
        waiting = TrainedModel.objects.filter(kind=CATEGORY, state=ASKED).first()
        if waiting is None:
            waiting = _new()
            log.append(waiting, LearningAsked(CATEGORY, waiting.number), actor)
        return waiting


def _new() -> TrainedModel:
    last = TrainedModel.objects.filter(kind=CATEGORY).aggregate(last=Max("number"))["last"] or 0
    return TrainedModel.objects.create(kind=CATEGORY, number=last + 1, state=ASKED, asked_at=time.now())


@dataclass(frozen=True)
class Course:
    """What a version is trained with and measured on; no database, so that another process may teach it."""

    studied: list[Lesson]
    held_out: list[Lesson]
    catalogue: Catalogue
    present: Classifier  # what is in use
    before: int  # its number
    accept: float

    def taught(self) -> Taught:
        """Trains and measures. Seconds to minutes of one core."""
        began = perf_counter()
        body = self.catalogue.train(self.studied)
        took = perf_counter() - began
        now, was = (
            measured(one, self.held_out, self.accept) for one in (self.catalogue.read(body), self.present)
        )
        return Taught(body, round(took, 1), now, was)


@dataclass(frozen=True)
class Taught:
    """What came of a course: the trained body, and how it and what was in use do on the same matters."""

    body: bytes
    train_s: float
    now: Measured
    was: Measured


def learn(actor: Actor, *, newest: int = NEWEST) -> TrainedModel:
    """Trains and measures a version, and takes it into use or refuses it. Seconds to minutes of one core.

    No transaction is open meanwhile, so that nobody waits. Raises NotAllowed; what fails is refused, and raised.
    """
    version, course = enrol(actor, newest=newest)
    return version if course is None else graduate(actor, version, course, course.taught)


def enrol(actor: Actor, *, newest: int = NEWEST) -> tuple[TrainedModel, Course | None]:
    """A version and its course; None where there are too few lessons, and the version is refused. Raises NotAllowed."""
    _may_steer(actor)
    version = TrainedModel.objects.filter(kind=CATEGORY, state=ASKED).first() or _new()
    known = lessons(newest)
    held_out = [lesson for lesson in known if lesson.kept_back and lesson.closed][-MOST_HELD_OUT:]
    studied = [lesson for lesson in known if not lesson.kept_back]
    version.trained_at, version.examples = time.now(), len(studied)
    if len(studied) < FEWEST or len(held_out) < FEWEST_HELD_OUT:
        return _settled(actor, version, REFUSED, TOO_FEW), None
    present, before = queries.classifier_in_use()
    catalogue, accept = queries.door().catalogue, tree().profile.triage.accept
    return version, Course(studied, held_out, catalogue, present, before, accept)


def graduate(
    actor: Actor, version: TrainedModel, course: Course, taught: Callable[[], Taught]
) -> TrainedModel:
    """Takes into use what a course gave, or refuses it; what fails is refused, and raised."""
    try:
        found = taught()
    except Exception:
        _settled(actor, version, REFUSED, FAILED)
        raise
    version.body = found.body
    version.figures = {
        "now": asdict(found.now), "before": asdict(found.was), "compared_with": course.before,
        "accept": course.accept, "corrected": sum(lesson.corrected for lesson in course.studied),
        "train_s": found.train_s, "bytes": len(found.body),
    }  # fmt: skip
    if queries.classifier_in_use()[1] != course.before:
        return _settled(actor, version, REFUSED, OVERTAKEN)
    better = found.now.right >= found.was.right
    return _settled(actor, version, IN_USE if better else REFUSED, _why(found.now, found.was))


def _why(now: Measured, was: Measured) -> dict[str, str]:
    zh = f"留出的 {now.of} 件中判对 {now.right} 件，原版本判对 {was.right} 件"
    en = f"right on {now.right} of {now.of} matters held out; what was in use, on {was.right}"
    return {"zh": zh, "en": en}


@transaction.atomic
def _settled(actor: Actor, version: TrainedModel, state: str, why: dict[str, str]) -> TrainedModel:
    version.why = why
    if state == IN_USE:
        _retire(actor, version.number)
    version.state = state
    version.save()
    digest = hashlib.sha256(version.body).hexdigest() if version.body else ""
    told = ModelTrained(
        CATEGORY, version.number, state, version.examples, digest, _plain(version.figures), why
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


def _retire(actor: Actor, after: int) -> int:
    """Takes what is in use out of use; its number, 0 where it was the catalogue's words alone."""
    held = TrainedModel.objects.select_for_update().filter(kind=CATEGORY, state=IN_USE).first()
    if held is None:
        return 0
    held.state = RETIRED
    held.save(update_fields=["state"])
    log.append(held, ModelRetired(CATEGORY, held.number, after), actor)
    return held.number


@transaction.atomic
def use(actor: Actor, number: int) -> TrainedModel | None:
    """Goes back to an older version, or to the catalogue's words alone (0). Raises NotAllowed, NotFound, Conflict."""
    _may_steer(actor)
    if number == 0:
        _retire(actor, 0)
        queries.look_again()
        return None
    version = TrainedModel.objects.select_for_update().filter(kind=CATEGORY, number=number).first()
    if version is None:
        raise NotFound(what=f"#{number}")
    if not version.body:
        raise Conflict(zh="该版本没有训练结果，不能启用", en="nothing was trained in this version")
    if version.state != IN_USE:
        before = _retire(actor, number)
        version.state = IN_USE
        version.save(update_fields=["state"])
        log.append(version, ModelChosen(CATEGORY, number, before), actor)
        queries.look_again()
    return version


def _may_steer(actor: Actor) -> None:
    if actor.kind != "system" and not actor.holds(*STEERS):
        raise NotAllowed(what="分类学习 / what the door learns")


def is_due() -> bool:
    """Whether it is time: asked for, a day gone by in which matters were closed, or many corrections since.

    Also where the newest version is of a form that this release cannot read, so that the words alone serve.
    """
    last = TrainedModel.objects.filter(kind=CATEGORY).order_by("-number").defer("body").first()
    if last is None or last.trained_at is None:
        return last is not None or settled().count() >= FEWEST + FEWEST_HELD_OUT
    if last.state == IN_USE and queries.classifier_in_use()[0] is queries.door().words:
        return True
    if time.now() - last.trained_at >= EVERY:
        return settled().filter(closed_at__gt=last.trained_at).exists()
    corrections = Entry.objects.filter(kind="changed", at__gt=last.trained_at, body__what="category")
    return corrections.count() >= tree().profile.triage.learn_after
