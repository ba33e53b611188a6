"""The door learns: a version is trained on closed matters, measured on others held out, and taken or refused.

It is taken only where it is right at least as often as what is in use on the same held-out matters; an older version,
or the catalogue's words alone, can be taken back at any time. All versions stay, with their figures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from time import perf_counter

from onedoor.city.tree import tree
from onedoor.intake import queries, versions
from onedoor.intake.classify import Catalogue, Classifier
from onedoor.intake.lessons import NEWEST, Lesson, lessons, settled
from onedoor.intake.models import IN_USE, REFUSED, TrainedModel
from onedoor.intake.queries import CATEGORY
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.kernel.models import Entry

FEWEST, FEWEST_HELD_OUT = 40, 10  # lessons below which nothing is learned: it would be luck
MOST_HELD_OUT = 3000  # the newest of them, enough for a share to a third of a per cent
EVERY = timedelta(days=1)
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
    version = versions.begun(actor, CATEGORY)
    known = lessons(newest)
    held_out = [lesson for lesson in known if lesson.kept_back and lesson.closed][-MOST_HELD_OUT:]
    studied = [lesson for lesson in known if not lesson.kept_back]
    version.trained_at, version.examples = time.now(), len(studied)
    if len(studied) < FEWEST or len(held_out) < FEWEST_HELD_OUT:
        return versions.settle(actor, version, REFUSED, TOO_FEW), None
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
        versions.settle(actor, version, REFUSED, FAILED)
        raise
    version.body = found.body
    version.figures = {
        "now": asdict(found.now), "before": asdict(found.was), "compared_with": course.before,
        "accept": course.accept, "corrected": sum(lesson.corrected for lesson in course.studied),
        "train_s": found.train_s, "bytes": len(found.body),
    }  # fmt: skip
    if queries.classifier_in_use()[1] != course.before:
        return versions.settle(actor, version, REFUSED, OVERTAKEN)
    better = found.now.right >= found.was.right
    return versions.settle(actor, version, IN_USE if better else REFUSED, _why(found.now, found.was))


def _why(now: Measured, was: Measured) -> dict[str, str]:
    zh = f"留出的 {now.of} 件中判对 {now.right} 件，原版本判对 {was.right} 件"
    en = f"right on {now.right} of {now.of} matters held out; what was in use, on {was.right}"
    return {"zh": zh, "en": en}


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
