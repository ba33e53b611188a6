"""Visits by cycle, findings that open matters, and that close when those are mended."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from onedoor.city.queries import directory
from onedoor.kernel import time
from onedoor.kernel.audit import verify
from onedoor.kernel.problems import BadInput, KeyReused, NotAllowed
from onedoor.matters import actions as matters
from onedoor.matters.models import Matter
from onedoor.registers import actions, coverage, kinds, lists
from onedoor.registers.actions.visiting import OPEN, Seen
from onedoor.registers.language import Item
from onedoor.registers.models import Finding, Visit
from onedoor.registers.tests.making import FINE, SYSTEM, dog, place, visit
from tests.support.cities import MORNING
from tests.support.smallcity import SmallCity

pytestmark = pytest.mark.django_db
DUE = date(2027, 2, 23)  # three months after Monday, 23 November 2026


def mended(city: SmallCity, number: str) -> Matter:
    """The matter, fixed on the spot by the grid worker."""
    return matters.act(city.actor("zhengjie"), number, "fix_on_the_spot", {"done": "已清理通道"})


def test_visits_are_planned_by_cycle(city: SmallCity) -> None:
    record = place(city)
    assert record.next_visit_on == DUE
    assert actions.plan_visits(SYSTEM) == 0  # not yet in sight
    with time.at(MORNING + timedelta(days=65)):
        assert (actions.plan_visits(SYSTEM), actions.plan_visits(SYSTEM)) == (1, 0)
    planned = Visit.objects.get()
    assert (planned.record, planned.planned_for, planned.state) == (record, DUE, "planned")
    with time.at(MORNING + timedelta(days=70)):
        done = visit(city, record)
    assert (done.pk, done.state, done.role) == (planned.pk, "done", "grid_worker")
    assert done.unit == city.units["419801001001-village_committee"]
    record.refresh_from_db()
    assert record.next_visit_on > DUE
    assert list(verify()) == []


def test_a_finding_opens_a_matter_where_it_stands(city: SmallCity) -> None:
    record = place(city)
    visit(city, record, exits="no", note="货物堆放占用通道")
    finding = Finding.objects.get()
    matter = finding.matter
    assert (matter.category.code, matter.division, matter.lon) == (
        "hazard.fire_lane",
        city.first_grid,
        record.lon,
    )
    assert matter.title == "东柳面粉厂:疏散通道、安全出口不畅通"
    assert "货物堆放占用通道" in matter.detail
    assert list(
        lists.narrowed(SYSTEM, kinds.current("inspected_place"), lists.Filters(state="findings"))
    ) == [record]


def test_what_is_not_mended_is_not_opened_again(city: SmallCity) -> None:
    record = place(city)
    visit(city, record, exits="no")
    visit(city, record, exits="no", structure="yes")
    assert sorted(Finding.objects.values_list("item", flat=True)) == ["exits", "structure"]
    assert Matter.objects.count() == 2


def test_a_mended_finding_is_closed_and_the_record_says_so(city: SmallCity) -> None:
    record = place(city)
    visit(city, record, exits="no")
    finding = Finding.objects.select_related("matter").get()
    assert Finding.objects.filter(OPEN).exists()
    mended(city, finding.matter.number)
    finding.refresh_from_db()
    assert (finding.closed_at, finding.outcome) == (MORNING, "solved")
    assert not Finding.objects.filter(OPEN).exists()
    record.refresh_from_db()
    assert record.head_seq == 3
    visit(city, record, exits="no")
    assert Finding.objects.count() == 2  # found again after it was mended
    assert list(verify()) == []


def test_a_finding_joined_to_another_matter_waits_for_that(city: SmallCity) -> None:
    one, two = place(city), place(city, name="东柳仓库")
    for record in (one, two):
        visit(city, record, exits="no")
    first, second = Finding.objects.order_by("pk")
    matters.join(city.actor("zhaolei"), second.matter.number, first.matter.number, "同一通道")
    second.refresh_from_db()
    assert second.closed_at is None
    assert Finding.objects.filter(OPEN).count() == 2
    mended(city, first.matter.number)
    assert not Finding.objects.filter(OPEN).exists()
    assert Finding.objects.exclude(closed_at=None).count() == 2
    assert list(verify()) == []


def test_every_item_is_answered(city: SmallCity) -> None:
    record = place(city)
    with pytest.raises(BadInput) as refused:
        actions.do_visit(city.actor("zhengjie"), record.number, Seen({"exits": "maybe", "goods": "none"}))
    assert {e.field for e in refused.value.errors} == {"exits", "equipment", "charging", "structure"}
    assert not Visit.objects.exists()


def test_sent_twice_it_is_one_visit(city: SmallCity) -> None:
    record, worker = place(city), city.actor("zhengjie")
    seen = Seen(FINE | {"exits": "no"}, key="visit-1")
    first = actions.do_visit(worker, record.number, seen)
    assert actions.do_visit(worker, record.number, seen) == first
    with pytest.raises(KeyReused):
        actions.do_visit(worker, record.number, Seen(FINE, key="visit-1"))
    assert (Visit.objects.count(), Matter.objects.count()) == (1, 1)


def test_who_visits(city: SmallCity) -> None:
    record = place(city)
    for login in ("chenmin", "zhoutao"):
        with pytest.raises(NotAllowed):
            visit(city, record, login)
    with pytest.raises(NotAllowed):
        visit(city, dog(city), "zhengjie")


def test_planned_visits_go_with_the_record(city: SmallCity) -> None:
    record = place(city)
    with time.at(MORNING + timedelta(days=65)):
        actions.plan_visits(SYSTEM)
        actions.withdraw(city.actor("chenmin"), record.number, "closed", "2027-01-20")
    assert Visit.objects.get().state == "dropped"


def test_coverage_by_place_and_unit(city: SmallCity, django_assert_num_queries: object) -> None:
    register = kinds.current("inspected_place")
    one, two, never = place(city), place(city, name="二号"), place(city, name="三号")
    with time.at(MORNING + timedelta(days=65)):
        actions.plan_visits(SYSTEM)
    with time.at(MORNING + timedelta(days=70)):
        visit(city, one)
    with time.at(MORNING + timedelta(days=100)):
        visit(city, two)
    actor = city.actor("zhoutao")
    with time.at(MORNING + timedelta(days=101)):
        with django_assert_num_queries(2):  # type: ignore[operator]
            [here] = coverage.by_place(
                actor, register, city.divisions["419800"].pk, date(2027, 1, 1), date(2027, 3, 31)
            )
        with django_assert_num_queries(2):  # type: ignore[operator]
            [unit] = coverage.by_unit(actor, register, date(2027, 1, 1), date(2027, 3, 31))
        assert (here.id, unit.id) == (city.divisions["419801"].pk, one.unit_id)
        for found in (here, unit):
            assert (found.records, found.due, found.in_time, found.late) == (3, 3, 1, 1)
            assert (found.overdue, found.never) == (1, 1)
            assert found.share == pytest.approx(1 / 3)
        assert never in lists.narrowed(actor, register, lists.Filters(state="visit_late"))


def test_a_grade_opens_a_matter_in_its_own_category(city: SmallCity, monkeypatch: pytest.MonkeyPatch) -> None:
    visits = kinds.current("inspected_place").visits
    assert visits
    graded = Item.model_validate(
        {
            "zh": "疏散通道", "en": "Escape routes",
            "answers": {key: {"zh": key, "en": key} for key in ("yes", "narrow", "shut")},
            "finding": ["narrow", "shut"], "opens": {"narrow": "hazard.fire_lane", "shut": "hazard.collapse"},
        }
    )  # fmt: skip
    monkeypatch.setitem(visits.checklist, "exits", graded)
    for grade, code in (("narrow", "hazard.fire_lane"), ("shut", "hazard.collapse")):
        found = visit(city, place(city), exits=grade).findings.get()
        assert found.matter.category.code == code
        limit = directory().categories[code].limits["act"]["span"]
        assert str(found.matter.clocks.get(name="act").span) == limit
    assert not visit(city, place(city), exits="yes").findings.exists()


@pytest.mark.parametrize(
    "opens", [{"narrow": "hazard.fire_lane"}, {"narrow": "a.b", "shut": "a.b", "yes": "a.b"}]
)
def test_every_grade_says_where_it_opens(opens: dict[str, str]) -> None:
    answers = {key: {"zh": key, "en": key} for key in ("yes", "narrow", "shut")}
    item = {"zh": "甲", "en": "A", "answers": answers, "finding": ["narrow", "shut"], "opens": opens}
    with pytest.raises(ValidationError, match="opens"):
        Item.model_validate(item)
