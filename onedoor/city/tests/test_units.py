"""Units come, change and go; each row that cannot be taken says why."""

from __future__ import annotations

from datetime import date

import pytest

from onedoor.city import actions
from onedoor.city.models import Category, Post, Unit
from onedoor.city.queries import directory
from onedoor.city.rows import UnitRow
from onedoor.kernel import audit
from onedoor.kernel.actor import Actor, Reach
from onedoor.kernel.models import Entry
from onedoor.kernel.problems import BadInput, Conflict, NotAllowed, NotFound
from tests.support.smallcity import SmallCity

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
TODAY = date(2026, 11, 23)


def test_a_unit_may_stand_before_its_parent_and_name_its_kind_in_chinese(city: SmallCity) -> None:
    rows = [
        UnitRow("东河区物业纠纷调解室", "物业纠纷调解室", "419801", "rooms-1", parent_code="new-centre"),
        UnitRow("东河区新中心", "centre", "419801", "new-centre", phone="0392-1234567"),
    ]
    taken = actions.take_units(SYSTEM, rows)
    assert (taken.added, taken.refused) == (2, {})
    room = Unit.objects.select_related("parent").get(code="rooms-1")
    assert (room.kind, room.parent and room.parent.code) == ("mediation_property", "new-centre")
    assert [u.code for u in directory().of_kind("mediation_property", city.first_grid.pk)] == ["rooms-1"]
    assert not list(audit.verify())


def test_a_code_is_made_of_place_and_kind(city: SmallCity) -> None:
    actions.take_units(SYSTEM, [UnitRow("东河区水务", "water", "419801")])
    assert Unit.objects.get(name="东河区水务").code == "419801-water"


def test_the_same_rows_again_change_nothing_and_others_correct(city: SmallCity) -> None:
    row = UnitRow("东河区水务", "water", "419801", phone="12345")
    actions.take_units(SYSTEM, [row])
    before = Entry.objects.count()
    again = actions.take_units(SYSTEM, [row])
    assert (again.added, again.changed, again.same) == (0, 0, 1)
    assert Entry.objects.count() == before
    moved = actions.take_units(SYSTEM, [UnitRow("东河区自来水公司", "water", "419802", code="419801-water")])
    assert moved.changed == 1
    changes = Entry.objects.get(kind="unit_amended").body["changes"]
    assert changes == {"name": ["东河区水务", "东河区自来水公司"], "division": ["419801", "419802"]}


def test_every_refused_row_says_why(city: SmallCity) -> None:
    rows = [
        UnitRow("", "water", "419801"),
        UnitRow("甲", "城管执法局", "419801"),
        UnitRow("乙", "water", "419899"),
        UnitRow("丙", "gas", "419801", parent_code="nobody"),
        UnitRow("丁", "power", "419801", "loop-a", parent_code="loop-b"),
        UnitRow("戊", "power", "419801", "loop-b", parent_code="loop-a"),
        UnitRow("己", "heating", "419801", valid_to=date(2020, 1, 1), valid_from=date(2021, 1, 1)),
        UnitRow("庚", "heating", "419802", "twice"),
        UnitRow("辛", "heating", "419802", "twice"),
    ]
    taken = actions.take_units(SYSTEM, rows)
    assert taken.added == 1
    fields = {index: [error.field for error in errors] for index, errors in taken.refused.items()}
    assert fields == {
        0: ["name"], 1: ["kind"], 2: ["division_code"], 3: ["parent_code"], 4: ["parent_code"], 5: ["parent_code"],
        6: ["valid_to"], 8: ["code"],
    }  # fmt: skip
    assert "城市管理局" in taken.refused[1][0].zh


def test_a_unit_with_posts_or_units_cannot_close(city: SmallCity) -> None:
    with pytest.raises(Conflict):
        actions.close_unit(SYSTEM, "419801-housing")
    Post.objects.filter(unit__code="419801-housing").update(valid_to=TODAY)
    actions.close_unit(SYSTEM, "419801-housing", reason="机构改革")
    assert "419801-housing" not in {unit.code for unit in directory().units.values()}
    with pytest.raises(NotFound):
        actions.close_unit(SYSTEM, "419801-housing")
    again = actions.take_units(SYSTEM, [UnitRow("住建", "housing", "419801", "419801-housing")])
    assert "closed" in again.refused[0][0].en
    with pytest.raises(BadInput):
        actions.close_unit(SYSTEM, "419801-police", on=date(2027, 1, 1))


def test_a_file_may_close_units(city: SmallCity) -> None:
    rows = [
        UnitRow("x", "police", "419802", "419802-police", valid_to=TODAY),
        UnitRow("y", "housing", "419802", "419802-housing", valid_to=TODAY),
    ]
    taken = actions.take_units(SYSTEM, rows)
    assert taken.closed == 1
    assert "1 post" in taken.refused[1][0].en


def test_competence_beyond_the_kind_is_set_and_unset(city: SmallCity) -> None:
    category = Category.objects.exclude(procedure="").order_by("code")[0]
    unit, place = "419801-education", city.first_grid.pk
    usual = [u.code for u in directory().competent(category, place)]
    assert unit not in usual
    actions.set_competence(SYSTEM, unit, category.code, answers=True)
    assert unit in [u.code for u in directory().competent(category, place)]
    actions.set_competence(SYSTEM, unit, category.code, answers=None)
    assert [u.code for u in directory().competent(category, place)] == usual
    with pytest.raises(NotFound):
        actions.set_competence(SYSTEM, unit, "no.such", answers=True)


def test_only_who_keeps_the_place_may_change_its_units(city: SmallCity) -> None:
    keeper = Actor("staff", "admin", 1, reaches=(Reach("admin", city.divisions["419801"].pk),))
    actions.take_units(keeper, [UnitRow("东河区水务", "water", "419801")])
    for attempt in (
        lambda: actions.take_units(keeper, [UnitRow("西河区水务", "water", "419802")]),
        lambda: actions.close_unit(keeper, "419802-police"),
        lambda: actions.take_units(city.actor("chenmin"), [UnitRow("东河区燃气", "gas", "419801")]),
    ):
        with pytest.raises(NotAllowed):
            attempt()
