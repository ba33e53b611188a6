"""The tree of places changes without rewriting what was: added, renamed, closed, merged."""

from __future__ import annotations

from datetime import date

import pytest

from onedoor.city import actions
from onedoor.city.models import Boundary, Division, DivisionClosure, Grant, Post, Unit
from onedoor.city.queries import subtree
from onedoor.city.rows import DivisionRow
from onedoor.city.tree import tree
from onedoor.kernel import audit
from onedoor.kernel.actor import Actor, Reach
from onedoor.kernel.models import Entry
from onedoor.kernel.problems import BadInput, Conflict, NotAllowed, NotFound
from tests.support.filings import opened
from tests.support.smallcity import SmallCity

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
TODAY = date(2026, 11, 23)
FRONT, BACK, WEST = "419801001001", "419801001002", "419801001"


def kinds(division: Division) -> list[str]:
    return list(Entry.objects.filter(stream=division.stream).order_by("seq").values_list("kind", flat=True))


def refusal(row: DivisionRow) -> dict[str, str]:
    taken = actions.take_divisions(SYSTEM, [row])
    assert taken.added == taken.changed == 0
    return {error.field: error.en for error in taken.refused[0]}


def test_children_may_stand_before_their_parents(city: SmallCity) -> None:
    rows = [
        DivisionRow("419803001001", "新村"),
        DivisionRow("419803001", "新镇"),
        DivisionRow("419803", "新区", level="county", parent_code="419800"),
    ]
    taken = actions.take_divisions(SYSTEM, rows)
    assert (taken.added, taken.refused) == (3, {})
    village = tree().by_code["419803001001"]
    assert [tree().nodes[pk].name for pk in village.path] == ["小城市", "新区", "新镇", "新村"]
    reached = set(subtree({tree().by_code["419803"].id}).values_list("descendant_id", flat=True))
    assert village.id in reached
    assert kinds(Division.objects.get(code="419803001001")) == ["division_added"]


def test_the_same_rows_again_change_nothing(city: SmallCity) -> None:
    rows = [
        DivisionRow("419801003", "新镇", kind="town"),
        DivisionRow("419801003001", "新村", households=300),
    ]
    actions.take_divisions(SYSTEM, rows)
    before, revision = Entry.objects.count(), tree().revision
    taken = actions.take_divisions(SYSTEM, rows)
    assert (taken.added, taken.changed, taken.same, taken.refused) == (0, 0, 2, {})
    assert (Entry.objects.count(), tree().revision) == (before, revision)


def test_every_refused_row_says_why_and_keeps_no_other_away(city: SmallCity) -> None:
    rows = [
        DivisionRow("419801009", "好镇"),
        DivisionRow("4198010091", "坏码村"),
        DivisionRow("419899001", "孤镇", parent_code="419899"),
        DivisionRow("419801009002", ""),
        DivisionRow("419801009003", "未来村", valid_from=date(2027, 1, 1)),
        DivisionRow("419801009", "另一个好镇"),
    ]
    taken = actions.take_divisions(SYSTEM, rows)
    assert taken.added == 1
    assert {index: [error.field for error in errors] for index, errors in taken.refused.items()} == {
        1: ["code"],
        2: ["parent_code"],
        3: ["name"],
        4: ["valid_from"],
        5: ["code"],
    }
    assert all(error.zh and error.en for errors in taken.refused.values() for error in errors)


def test_a_child_of_a_refused_row_is_refused_too(city: SmallCity) -> None:
    rows = [DivisionRow("419804", "", level="county"), DivisionRow("419804001", "镇", parent_code="419804")]
    assert set(actions.take_divisions(SYSTEM, rows).refused) == {0, 1}


def test_a_mistyped_parent_is_answered_with_the_likely_one(city: SmallCity) -> None:
    assert "419801" in refusal(DivisionRow("419801008", "镇", parent_code="4198O1"))["parent_code"]


def test_level_and_parent_never_change(city: SmallCity) -> None:
    assert "cannot change" in refusal(DivisionRow(FRONT, level="township"))["level"]
    assert "merge" in refusal(DivisionRow(FRONT, parent_code="419801002"))["parent_code"]


def test_a_second_top_is_refused(city: SmallCity) -> None:
    assert "419800" in refusal(DivisionRow("419900", "另一市", level="city"))["level"]


def test_a_renamed_division_keeps_its_former_name(city: SmallCity) -> None:
    actions.rename_division(SYSTEM, FRONT, "柳前社区")
    village = Division.objects.get(code=FRONT)
    assert (village.name, village.former_names) == ("柳前社区", [["东柳前村", "2026-11-23"]])
    assert tree().by_code[FRONT].name == "柳前社区"
    assert kinds(village) == ["division_renamed"]
    with pytest.raises(BadInput):
        actions.rename_division(SYSTEM, FRONT, " ")


def test_corrected_facts_are_told_with_what_stood_before(city: SmallCity) -> None:
    actions.take_divisions(SYSTEM, [DivisionRow(FRONT, households=412, alt_codes={"police": "41980112"})])
    entry = Entry.objects.get(kind="division_amended")
    assert entry.body["changes"] == {"households": [None, 412], "alt_codes": [{}, {"police": "41980112"}]}


def test_what_still_holds_something_cannot_simply_close(city: SmallCity) -> None:
    with pytest.raises(Conflict, match="2 division"):
        actions.close_division(SYSTEM, FRONT)
    assert Division.objects.get(code=FRONT).valid_to is None


def test_an_empty_division_closes_with_its_outline(city: SmallCity) -> None:
    grid = city.first_grid
    actions.close_division(SYSTEM, grid.code, reason="征迁")
    grid.refresh_from_db()
    assert grid.valid_to == TODAY
    assert Boundary.objects.get(division=grid).valid_to == TODAY
    assert grid.code not in tree().by_code


def test_merging_leaves_the_past_as_it_was(city: SmallCity) -> None:
    matter = opened(city)
    old_place = matter.division
    assert old_place.code == city.first_grid.code
    actions.close_division(SYSTEM, FRONT, successor=BACK, reason="合村并居")
    matter.refresh_from_db()
    assert matter.division == old_place  # matters keep pointing at what was
    old_place.refresh_from_db()
    front = Division.objects.get(code=FRONT)
    back = Division.objects.get(code=BACK, valid_to=None)
    assert (front.valid_to, front.successor) == (TODAY, back)
    assert front.name == "东柳前村"
    heir = old_place.successor
    assert heir is not None
    assert (heir.code, heir.parent, heir.valid_from) == (old_place.code, back, TODAY)
    assert tree().by_code[old_place.code].id == heir.pk
    lands = Boundary.objects.filter(division__in=[old_place, heir]).order_by("valid_from")
    assert [(land.division_id, land.valid_to) for land in lands] == [(old_place.pk, TODAY), (heir.pk, None)]
    assert bytes(lands[0].wkb) == bytes(lands[1].wkb)


def test_whoever_reaches_the_successor_reaches_what_it_took_over(city: SmallCity) -> None:
    old = [city.divisions[FRONT].pk, city.first_grid.pk]
    actions.close_division(SYSTEM, FRONT, successor=BACK)
    back = Division.objects.get(code=BACK, valid_to=None)
    for reach in (back.pk, city.divisions[WEST].pk, city.divisions["419800"].pk):
        assert set(old) <= set(subtree({reach}).values_list("descendant_id", flat=True))
    other = city.divisions["419801002"].pk
    assert not set(old) & set(subtree({other}).values_list("descendant_id", flat=True))
    closure = DivisionClosure.objects.filter(descendant__valid_to=None, ancestor__valid_to=None)
    for node in tree().nodes.values():  # the closure is the tree, for all that stands
        assert set(closure.filter(descendant_id=node.id).values_list("ancestor_id", flat=True)) == set(
            node.path
        )


def test_units_posts_and_grants_go_on_in_the_successor(city: SmallCity) -> None:
    actions.give_grant(SYSTEM, "hean", "auditor", FRONT, "专项核查")
    actions.close_division(SYSTEM, FRONT, successor=BACK)
    unit = Unit.objects.select_related("division").get(code=f"{FRONT}-village_committee")
    assert unit.division.code == BACK
    posts = Post.objects.filter(account__login="zhengjie").order_by("valid_from")
    assert [(post.division.code, post.valid_to) for post in posts] == [(FRONT, TODAY), (BACK, None)]
    grants = Grant.objects.filter(account__login="hean").order_by("pk")
    assert [(grant.division.code, grant.valid_to) for grant in grants] == [(FRONT, TODAY), (BACK, None)]
    assert not list(audit.verify())


def test_several_merge_together_or_not_at_all(city: SmallCity) -> None:
    with pytest.raises(NotFound):
        actions.merge_divisions(SYSTEM, [FRONT, "419801001009"], BACK)
    assert Division.objects.get(code=FRONT).valid_to is None
    merged = actions.merge_divisions(SYSTEM, ["419801", "419801002002"][1:], "419801002001")
    assert [division.code for division in merged] == ["419801002002"]


@pytest.mark.parametrize(
    ("code", "into", "on", "field"),
    [
        (FRONT, FRONT, None, "successor_code"),
        (WEST, FRONT, None, "successor_code"),
        (FRONT, "419801002", None, "successor_code"),
        (FRONT, BACK, date(2027, 1, 1), "valid_to"),
        (FRONT, BACK, date(2023, 1, 1), "valid_to"),
    ],
    ids=["itself", "below itself", "another level", "not yet", "before it began"],
)
def test_a_merger_that_makes_no_sense_is_refused(
    city: SmallCity, code: str, into: str, on: date | None, field: str
) -> None:
    with pytest.raises(BadInput) as raised:
        actions.close_division(SYSTEM, code, successor=into, on=on)
    assert [error.field for error in raised.value.errors] == [field]


def test_a_file_may_close_and_merge_and_be_loaded_again(city: SmallCity) -> None:
    rows = [
        DivisionRow(FRONT, "东柳前村", valid_to=TODAY, successor_code=BACK),
        DivisionRow("419801002001001", "网格", valid_to=TODAY),
    ]
    taken = actions.take_divisions(SYSTEM, rows)
    assert (taken.closed, taken.refused) == (2, {})
    again = actions.take_divisions(SYSTEM, rows)
    assert (again.closed, again.same, again.refused) == (0, 2, {})


def test_a_township_and_all_below_it_may_close_in_one_file(city: SmallCity) -> None:
    Post.objects.all().delete()
    Unit.objects.all().delete()
    below = [node.code for node in tree().below(tree().by_code["419802002"].id)]
    taken = actions.take_divisions(SYSTEM, [DivisionRow(code, valid_to=TODAY) for code in below])
    assert (taken.closed, taken.refused) == (7, {})


def test_only_who_keeps_a_place_may_change_it(city: SmallCity) -> None:
    keeper = Actor("staff", "admin", 1, reaches=(Reach("admin", city.divisions[WEST].pk),))
    actions.take_divisions(keeper, [DivisionRow("419801001003", "第三村")])
    with pytest.raises(NotAllowed):
        actions.take_divisions(keeper, [DivisionRow("419801002003", "第三村")])
    with pytest.raises(NotAllowed):
        actions.rename_division(city.actor("chenmin"), FRONT, "甲村")
    with pytest.raises(NotAllowed):
        actions.close_division(keeper, "419801002001", successor="419801002002")
