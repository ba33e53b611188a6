"""A unit objects to its own score in time; another decides; both figures are kept, and nothing else moves."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onedoor.appraisal import actions, audit, objections
from onedoor.appraisal.actions import Corrected, Found
from onedoor.appraisal.models import SchemeVersion, ScoreObjection, Snapshot
from onedoor.appraisal.schemes import published
from onedoor.appraisal.scores import appraising
from onedoor.appraisal.scores.gathering import Measured, Request
from onedoor.city.models import Account, Post
from onedoor.city.queries import actor_for
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.kernel.audit import verify
from onedoor.kernel.models import Entry
from onedoor.kernel.problems import BadInput, Conflict, NotAllowed, NotFound, NotNow
from tests.support.cities import MORNING
from tests.support.smallcity import SINCE, SmallCity

SYSTEM = Actor.system("test")
HOUSING, MARKET = "419801-housing", "419801-market_regulation"
PERIOD = "2026-10"
pytestmark = pytest.mark.django_db


def measured(requests: Sequence[Request], period: str, level: str) -> Iterable[Measured]:
    """Every share 40 of 50 and every count 2, for whoever may be asked about."""
    for unit in (HOUSING, MARKET, "419801", "419802"):
        for indicator, parameters in requests:
            plain = indicator in ("escalations_unanswered", "overdue_count")
            yield Measured(indicator, dict(parameters), unit, 2 if plain else 40, None if plain else 50)


@pytest.fixture
def scheme(city: SmallCity) -> SchemeVersion:
    published.forget()
    actions.publish(SYSTEM)
    return published.version("programme")


@pytest.fixture
def october(scheme: SchemeVersion) -> dict[str, Snapshot]:
    """October's scores, frozen this Monday morning."""
    actions.judge(SYSTEM, "programme", PERIOD, [Found(judged(scheme), HOUSING, "部分达到")])
    gathered = appraising.gathered(scheme, PERIOD, measured)
    return {one.group: one for one in actions.freeze_period(SYSTEM, PERIOD, gathered, MORNING)}


def judged(scheme: SchemeVersion) -> str:
    """A sub-item of departments that an office finds by level."""
    held = published.of(scheme.pk)
    return next(p.code for p in held.places("departments") if p.part.evidence and p.part.rule in ("levels", "评定")
                and p.part.every in ("week", "month"))  # fmt: skip


def cell(group: str, indicator: str = "accepted_in_time") -> str:
    held = published.of(published.version("programme").pk)
    return next(
        p.code
        for p in held.places(group)
        if p.part.indicator == indicator and p.part.every in ("week", "month")
    )


def posted(city: SmallCity, unit: str, role: str = "coordinator") -> Actor:
    """Somebody with a post in a unit."""
    account = Account.objects.create(login=f"{role}-{unit}", name="某人")
    Post.objects.create(account=account, unit=city.units[unit], role=role, division=city.units[unit].division,
                        valid_from=SINCE)  # fmt: skip
    return actor_for(account)


def objected(city: SmallCity, october: dict[str, Snapshot]) -> ScoreObjection:
    held = october["departments"]
    return actions.object_to(
        city.actor("liqiang"), held.pk, cell("departments"), HOUSING, "4198012026000003 已按期签收"
    )


def figure(snapshot: Snapshot, unit: str, code: str) -> Any:
    return json.loads(snapshot.body)["figures"][unit][code]


def test_upheld_the_scores_are_reckoned_anew_and_both_are_kept(
    city: SmallCity, october: dict[str, Snapshot]
) -> None:
    before, code = october["departments"], cell("departments")
    body = before.body
    made = objected(city, october)
    assert made.arbiter.code == "419801-centre"
    assert made.due_at > time.now()
    done = actions.decide(city.actor("zhaolei"), made.pk, upheld=True, grounds="查实有系统故障",
                          corrected=Corrected("45", "50"))  # fmt: skip
    after = done.corrected
    assert after is not None
    assert (after.revision, after.corrects) == (2, before)
    assert figure(before, HOUSING, code) == ["4/5", 40, 50]
    assert figure(after, HOUSING, code) == ["9/10", 45, 50]
    before.refresh_from_db()
    assert before.body == body
    was, now = (appraising.scores_frozen(one) for one in (before, after))
    assert (now[HOUSING].total or 0) > (was[HOUSING].total or 0)
    assert now[MARKET].total == was[MARKET].total
    entry = Entry.objects.get(kind="scores_corrected")
    assert (entry.body["was"], entry.body["now"], entry.body["objection"]) == ("40/50", "45/50", made.pk)
    assert list(verify()) == []


def test_turned_down_nothing_changes(city: SmallCity, october: dict[str, Snapshot]) -> None:
    made = objected(city, october)
    actions.decide(city.actor("zhaolei"), made.pk, upheld=False, grounds="记录属实")
    assert Snapshot.objects.filter(revision__gt=1).count() == 0
    with pytest.raises(Conflict):
        actions.decide(
            city.actor("zhaolei"), made.pk, upheld=True, grounds="再看", corrected=Corrected("45", "50")
        )


@pytest.mark.parametrize("login", ["liqiang", "sunyan", "zhoutao", "chenmin", "farhandler"])
def test_nobody_but_the_arbiter_decides(city: SmallCity, october: dict[str, Snapshot], login: str) -> None:
    made = objected(city, october)
    with pytest.raises(NotAllowed):
        actions.decide(city.actor(login), made.pk, upheld=True, grounds="x", corrected=Corrected("50", "50"))
    assert Snapshot.objects.filter(revision__gt=1).count() == 0


def test_whoever_sits_in_both_units_does_not_decide(city: SmallCity, october: dict[str, Snapshot]) -> None:
    made = objected(city, october)
    Post.objects.create(account=city.accounts["zhaolei"], unit=city.units[HOUSING], role="handler",
                        division=city.divisions["419801"], valid_from=SINCE)  # fmt: skip
    with pytest.raises(NotAllowed):
        actions.decide(
            city.actor("zhaolei"), made.pk, upheld=True, grounds="x", corrected=Corrected("50", "50")
        )


def test_a_place_is_decided_on_from_outside(city: SmallCity, october: dict[str, Snapshot]) -> None:
    held, code = october["counties"], cell("counties")
    made = actions.object_to(city.actor("zhaolei"), held.pk, code, "419801", "有误")
    assert made.arbiter.code == "419800-centre"
    with pytest.raises(NotAllowed):
        actions.decide(
            city.actor("zhaolei"), made.pk, upheld=True, grounds="x", corrected=Corrected("50", "50")
        )
    actions.decide(
        posted(city, "419800-centre"), made.pk, upheld=True, grounds="属实", corrected=Corrected("50", "50")
    )
    assert list(audit.corrections_are_of_one_figure()) == []


@pytest.mark.parametrize(
    ("login", "subject", "refused"),
    [("liqiang", MARKET, NotFound), ("zhoutao", HOUSING, NotAllowed), ("zhaolei", HOUSING, NotFound),
     ("farhandler", HOUSING, NotFound)],
)  # fmt: skip
def test_nobody_objects_for_another(
    city: SmallCity, october: dict[str, Snapshot], login: str, subject: str, refused: type[Exception]
) -> None:
    with pytest.raises(refused):
        actions.object_to(city.actor(login), october["departments"].pk, cell("departments"), subject, "有误")


def test_it_has_its_time_and_its_reason(city: SmallCity, october: dict[str, Snapshot]) -> None:
    held, code, handler = october["departments"], cell("departments"), city.actor("liqiang")
    with pytest.raises(BadInput, match="say why"):
        actions.object_to(handler, held.pk, code, HOUSING, "  ")
    with pytest.raises(NotFound):
        actions.object_to(handler, held.pk, "D99.9", HOUSING, "有误")
    with pytest.raises(NotFound):
        actions.object_to(handler, 0, code, HOUSING, "有误")
    closes = objections.closes_at(held)
    with time.at(closes + timedelta(seconds=1)), pytest.raises(NotNow):
        actions.object_to(handler, held.pk, code, HOUSING, "有误")
    with time.at(closes):
        actions.object_to(handler, held.pk, code, HOUSING, "有误")
        with pytest.raises(Conflict):
            actions.object_to(handler, held.pk, code, HOUSING, "又有误")


def test_a_second_correction_stands_on_the_first(city: SmallCity, october: dict[str, Snapshot]) -> None:
    held, arbiter = october["departments"], city.actor("zhaolei")
    first = objected(city, october)
    other = actions.object_to(city.actor("sunyan"), held.pk, cell("departments"), MARKET, "有误")
    actions.decide(arbiter, first.pk, upheld=True, grounds="属实", corrected=Corrected("45", "50"))
    last = actions.decide(
        arbiter, other.pk, upheld=True, grounds="属实", corrected=Corrected("44", "50")
    ).corrected
    assert last is not None
    assert last.revision == 3
    assert figure(last, HOUSING, cell("departments"))[1] == 45
    assert figure(last, MARKET, cell("departments"))[1] == 44
    with pytest.raises(Conflict):  # what is corrected is objected to anew, and not what it was
        actions.object_to(
            city.actor("liqiang"), held.pk, cell("departments", "answered_in_time"), HOUSING, "有误"
        )
    assert list(verify()) == []


def test_what_an_office_found_is_corrected_as_a_finding(
    city: SmallCity, scheme: SchemeVersion, october: dict[str, Snapshot]
) -> None:
    code = judged(scheme)
    made = actions.object_to(city.actor("liqiang"), october["departments"].pk, code, HOUSING, "补交材料")
    with pytest.raises(BadInput):
        actions.decide(
            city.actor("zhaolei"), made.pk, upheld=True, grounds="属实", corrected=Corrected(value="还行")
        )
    done = actions.decide(
        city.actor("zhaolei"), made.pk, upheld=True, grounds="属实", corrected=Corrected(value="基本达到")
    )
    assert done.corrected is not None
    assert figure(done.corrected, HOUSING, code) == ["1", None, None]


@pytest.mark.parametrize(
    "wrong", [("51", "50"), ("-1", "50"), ("", "50"), ("4.5", "50"), ("40", ""), ("40", "50"), ("４０", "50")]
)
def test_a_figure_that_cannot_be_is_refused(
    city: SmallCity, october: dict[str, Snapshot], wrong: tuple[str, str]
) -> None:
    made = objected(city, october)
    with pytest.raises(BadInput):
        actions.decide(
            city.actor("zhaolei"), made.pk, upheld=True, grounds="属实", corrected=Corrected(*wrong)
        )
    made.refresh_from_db()
    assert made.decided_at is None


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 50))
def test_only_the_figure_objected_to_moves(city: SmallCity, october: dict[str, Snapshot], right: int) -> None:
    held, code = october["departments"], cell("departments")
    ScoreObjection.objects.all().delete()
    Snapshot.objects.filter(revision__gt=1).delete()
    made = objected(city, october)
    if right == 40:
        return
    after = actions.decide(
        city.actor("zhaolei"), made.pk, upheld=True, grounds="x", corrected=Corrected(str(right), "50")
    )
    assert after.corrected is not None
    assert audit._changed(held, after.corrected) == {(HOUSING, code)}


def test_a_correction_of_more_than_its_figure_is_found(city: SmallCity, october: dict[str, Snapshot]) -> None:
    made = objected(city, october)
    done = actions.decide(
        city.actor("zhaolei"), made.pk, upheld=True, grounds="x", corrected=Corrected("45", "50")
    )
    assert done.corrected is not None
    body = json.loads(done.corrected.body)
    body["figures"][MARKET][cell("departments")] = ["1/2", 25, 50]
    Snapshot.objects.filter(pk=done.corrected.pk).update(body=json.dumps(body))
    [found] = audit.corrections_are_of_one_figure()
    assert found.stream == done.corrected.stream
