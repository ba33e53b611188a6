"""Schemes freeze; named offices judge evidence, never their own; scores freeze and are held against the log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest

from onedoor.appraisal import actions, audit
from onedoor.appraisal.actions import Found
from onedoor.appraisal.models import SchemeVersion, Snapshot
from onedoor.appraisal.schemes import published
from onedoor.appraisal.scores import appraising, gathering
from onedoor.appraisal.scores.gathering import Measured, Request
from onedoor.appraisal.scores.judgements import judged
from onedoor.appraisal.scores.rules import Terms, score
from onedoor.kernel.actor import Actor
from onedoor.kernel.models import Entry
from onedoor.kernel.problems import BadInput, Conflict, NotAllowed, NotFound
from tests.support.smallcity import SmallCity

SYSTEM = Actor.system("test")
COUNTY, OTHER = "419801", "419802"
pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme(city: SmallCity) -> SchemeVersion:
    """The example, published in the small city."""
    published.forget()
    actions.publish(SYSTEM)
    return published.version("programme")


def test_a_change_is_a_new_version(scheme: SchemeVersion) -> None:
    assert actions.publish(SYSTEM) == []
    held = published.of(scheme.pk)
    changed = held.model_copy(update={"source": "改了依据"})
    made = actions.publish_scheme(SYSTEM, changed)
    assert (made.version, published.version("programme").pk) == (2, made.pk)
    assert published.of(scheme.pk) == held
    assert actions.publish_scheme(SYSTEM, changed).pk == made.pk


def test_the_named_office_judges(city: SmallCity, scheme: SchemeVersion) -> None:
    petition_office = city.actor("zhoutao")
    assert (
        actions.judge(petition_office, "programme", "2026-11", [Found("C06.3", COUNTY, "92%", "抽查25件")])
        == 1
    )
    assert judged(scheme, "2026-11")[COUNTY]["C06.3"] * 100 == 92
    entry = Entry.objects.get(kind="evidence_judged")
    assert (entry.body["unit"], entry.body["office"]) == ("419800-petition_office", "petitions")


@pytest.mark.parametrize("login", ["chenmin", "wujun", "liqiang"])
def test_nobody_else_does(city: SmallCity, scheme: SchemeVersion, login: str) -> None:
    with pytest.raises(NotAllowed):
        actions.judge(city.actor(login), "programme", "2026-11", [Found("C06.3", COUNTY, "92%")])


def test_all_of_it_or_nothing(scheme: SchemeVersion) -> None:
    good = Found("C01.1", COUNTY, "基本达到")
    wrong = [
        Found("C99.9", COUNTY, "3"),
        Found("C01.1", "419801001", "完全达到"),
        Found("C01.1", OTHER, "还行"),
    ]
    with pytest.raises(BadInput) as refused:
        actions.judge(SYSTEM, "programme", "2026", [good, *wrong])
    assert len(refused.value.errors) == 3
    assert judged(scheme, "2026") == {}


def test_a_correction_needs_its_ground(scheme: SchemeVersion) -> None:
    actions.judge(SYSTEM, "programme", "2026", [Found("C01.1", COUNTY, "基本达到")])
    with pytest.raises(BadInput, match="ground"):
        actions.judge(SYSTEM, "programme", "2026", [Found("C01.1", COUNTY, "完全达到")])
    actions.judge(SYSTEM, "programme", "2026", [Found("C01.1", COUNTY, "完全达到", "补交了会议纪要")])
    assert judged(scheme, "2026")[COUNTY]["C01.1"] == 0
    assert Entry.objects.filter(kind="evidence_judged").count() == 2


def test_scores_freeze_once_and_stay_what_they_were(scheme: SchemeVersion) -> None:
    actions.judge(
        SYSTEM, "programme", "2026", [Found("C01.1", COUNTY, "完全达到"), Found("C01.1", OTHER, "部分达到")]
    )
    terms = Terms(published.of(scheme.pk), "counties", gathering.cadence_of("2026"))
    readings = gathering.readings(terms, [COUNTY, OTHER], [], judged(scheme, "2026"))
    assert [one.cells["C01.1"].share * 100 for one in score(terms, readings)] == [100, 40]
    made = actions.freeze(SYSTEM, terms, "2026", readings)
    assert list(audit.snapshots_recompute()) == []
    with pytest.raises(Conflict):
        actions.freeze(SYSTEM, terms, "2026", readings)
    with pytest.raises(Conflict):
        actions.judge(SYSTEM, "programme", "2026", [Found("C01.1", COUNTY, "未达到", "查实不符")])
    Snapshot.objects.filter(pk=made.pk).update(body=made.body.replace('"8.00"', '"7.00"'))
    [found] = audit.snapshots_recompute()
    assert found.stream == made.stream


def measured(requests: Sequence[Request], period: str, level: str) -> Iterable[Measured]:
    """Every share 9 of 10 in November and 8 of 10 before, every count 1, for the two counties."""
    part = 9 if period == "2026-11" else 8
    counts = {"escalations_unanswered"}
    for code in (COUNTY, OTHER):
        for indicator, parameters in requests:
            plain = indicator in counts
            yield Measured(indicator, dict(parameters), code, 1 if plain else part, None if plain else 10)


def test_a_whole_appraisal(scheme: SchemeVersion) -> None:
    told = appraising.appraise(scheme, "2026-11", measured, "county")
    assert list(told["groups"]) == ["counties"]
    units = told["groups"]["counties"]["units"]
    assert [one["unit"] for one in units] == [COUNTY, OTHER]
    assert [one["place"] for one in units] in ([1, 1], [None, None])
    assert told == appraising.appraise(scheme, "2026-11", measured, "county")
    whole = appraising.appraise(scheme, "2026", measured)
    assert [len(group["units"]) for group in whole["groups"].values()] == [
        2,
        18,
        4,
    ]  # nine of its kinds of departments in each of two counties


def test_a_cell_of_it_explains_itself(scheme: SchemeVersion) -> None:
    [told] = appraising.explain(scheme, "2026-11", COUNTY, "C03.1", measured, "2026-10")
    assert told["numbers"]["zh"].startswith("9 / 10 = 90%")
    assert told["moved"]["value"] == "+0.1000"
    assert len(appraising.explain(scheme, "2026-11", COUNTY, "C03", measured)) == 4
    with pytest.raises(NotFound):
        appraising.explain(scheme, "2026-11", COUNTY, "C99", measured)
    with pytest.raises(NotFound):
        appraising.explain(scheme, "2026-11", "nowhere", "C03", measured)
