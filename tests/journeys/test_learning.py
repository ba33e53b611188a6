"""Five weeks of a small city: the door sends more matters to the right unit first time, because it has learned.

Nothing is staged: residents speak in the last week as they did in the first, and the catalogue's words alone would do
no better at the end than at the beginning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from random import Random

import pytest
from django.db.models import Count, Sum
from pytest_django import DjangoDbBlocker

from onedoor.appraisal import dispatch
from onedoor.appraisal.dispatch import Point
from onedoor.appraisal.rules import Cell, Week
from onedoor.intake.models import IN_USE, HotGroup, HotMember, TrainedModel
from onedoor.intake.queries import door
from onedoor.kernel.audit import verify
from onedoor.kernel.models import Entry
from onedoor.matters.models import Matter
from onedoor.simulation import demo
from onedoor.simulation.filing import Filer
from onedoor.simulation.geography import Geography
from onedoor.simulation.life import habits
from onedoor.simulation.stories import stories
from tests.journeys.databases import copy, using

UNTIL = date(2026, 4, 12)  # a Sunday: five whole weeks
DAYS, PER_DAY = 35, 90  # enough that the difference between weeks is no luck
pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture(scope="module")
def lived(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Point]]:
    """The weeks of the curve; the city that lived them stays in use."""
    with django_db_blocker.unblock(), ExitStack() as kept:
        kept.enter_context(using(kept.enter_context(copy("learning"))))
        demo.run("liangting", days=DAYS, per_day=PER_DAY, until=UNTIL, say=lambda zh, en: None)
        yield dispatch.curve(Week.of(UNTIL), 5)


def together(points: list[Point]) -> float:
    """The share of several weeks as one."""
    cell = sum((point.right for point in points), Cell(0, 0))
    assert cell.share is not None
    assert not cell.few
    return cell.share


def test_later_weeks_are_better_than_the_first(lived: list[Point]) -> None:
    assert len(lived) == 5
    assert together(lived[3:]) >= together(lived[:2]) + 0.03


def test_every_point_is_the_matters_behind_it(lived: list[Point]) -> None:
    for point in lived:
        right, every = dispatch.behind(point.week, "yes"), dispatch.behind(point.week)
        assert (right.count(), every.count()) == (point.right.count, point.right.of)
        wrong = dispatch.behind(point.week, "no")
        assert point.corrections == (wrong.aggregate(sum=Sum("redirected"))["sum"] or 0)


def test_a_version_learned_there_is_in_use_and_none_that_measured_worse(lived: list[Point]) -> None:
    found = list(TrainedModel.objects.exclude(figures={}))
    assert [version for version in found if version.state == IN_USE]
    for version in found:
        better = version.figures["now"]["right"] >= version.figures["before"]["right"]
        assert better == (version.state != "refused")


def test_it_is_the_door_that_got_better_not_the_texts_that_got_easier(lived: list[Point]) -> None:
    filer = Filer(Geography.of("liangting"), habits()["filing"])
    rng, held, hits = Random("new voices"), door(), {"words": 0, "learned": 0}
    for _ in range(400):
        told = filer.tell(rng, rng.choice(["web", "hotline", "counter"]), {})
        for name, classifier in (("words", held.words), ("learned", held.classifier)):
            first = classifier.suggest(told.title, told.detail)[0].code
            hits[name] += first == told.trouble.kind.category
    assert held.classifier is not held.words
    assert 200 < hits["words"] < 360  # people speak in words of their own
    assert hits["learned"] >= hits["words"] + 20


def test_what_one_firm_did_across_townships_is_one_hot_group_and_was_taken_together(
    lived: list[Point],
) -> None:
    for story in stories():
        told = Matter.objects.filter(detail__contains=story.firm)
        assert told.count() >= story.households
        [(group, most)] = Counter(told.values_list("hot__group", flat=True)).most_common(1)
        assert group is not None
        assert most >= 0.8 * told.count()
        assert HotMember.objects.filter(group=group).count() == most  # and nothing else
        assert HotGroup.objects.order_by("-index")[0].pk == group
        master = told.annotate(under=Count("joined")).order_by("-under")[0]
        assert master.joined.count() >= 3
        assert Entry.objects.filter(stream=master.stream, kind="handled_together").exists()


def test_most_of_what_waited_for_a_clerk_was_settled_and_nothing_waited_for_it(lived: list[Point]) -> None:
    waiting = Matter.objects.filter(is_open=True, category_sure=False)
    assert waiting.count() < 2 * PER_DAY
    assert all(matter.next_due and matter.answers for matter in waiting)


def test_the_history_holds(lived: list[Point]) -> None:
    assert list(verify()) == []
