"""Accounts, posts with their history, grants with their reasons."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest

from onedoor.city import actions
from onedoor.city.models import Account, Grant, Post
from onedoor.city.queries import actor_for
from onedoor.city.rows import PostRow
from onedoor.kernel import audit, time
from onedoor.kernel.actor import Actor, Reach
from onedoor.kernel.models import Entry
from onedoor.kernel.problems import BadInput, Conflict, NotAllowed, NotFound, Problem
from tests.support.smallcity import SmallCity

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
TODAY = date(2026, 11, 23)
VILLAGE = "419801001001"
UNIT = f"{VILLAGE}-village_committee"


def kinds(account: Account) -> list[str]:
    return list(Entry.objects.filter(stream=account.stream).order_by("seq").values_list("kind", flat=True))


def test_a_roster_makes_accounts_and_posts(city: SmallCity) -> None:
    rows = [
        PostRow("张三", UNIT, "网格员", f"{VILLAGE}001", "zhangsan"),
        PostRow("张三", UNIT, "grid_worker", f"{VILLAGE}002", "zhangsan"),
        PostRow("李四", UNIT, "mediator"),
    ]
    taken = actions.take_posts(SYSTEM, rows)
    assert (taken.added, taken.refused) == (3, {})
    zhang = Account.objects.get(login="zhangsan")
    assert {post.division.code for post in zhang.posts.all()} == {f"{VILLAGE}001", f"{VILLAGE}002"}
    assert kinds(zhang) == ["account_added", "post_assigned", "post_assigned"]
    assert not zhang.has_usable_password()
    li = Account.objects.get(name="李四")
    assert li.login == f"mediator.{VILLAGE}.1"
    assert li.posts.get().division.code == VILLAGE  # of the unit, where none is named
    assert not list(audit.verify())


def test_the_same_roster_again_changes_nothing(city: SmallCity) -> None:
    rows = [
        PostRow("李四", UNIT, "mediator"),
        PostRow("王五", UNIT, "grid_worker", f"{VILLAGE}001", "wangwu"),
    ]
    actions.take_posts(SYSTEM, rows)
    before = Entry.objects.count()
    with time.at(datetime(2026, 12, 1, 9, 0, tzinfo=time.CITY_ZONE)):
        again = actions.take_posts(SYSTEM, rows)
    assert (again.added, again.closed, again.changed, again.same) == (0, 0, 0, 2)
    assert Entry.objects.count() == before


def test_posts_end_and_others_begin_and_both_stay_on_record(city: SmallCity) -> None:
    grid = f"{VILLAGE}001"
    actions.take_posts(SYSTEM, [PostRow("旧人", UNIT, "grid_worker", grid, "old", date(2024, 5, 1))])
    rows = [
        PostRow("旧人", UNIT, "grid_worker", grid, "old", date(2024, 5, 1), TODAY, reason="调岗"),
        PostRow("新人", UNIT, "grid_worker", grid, "new", TODAY),
    ]
    taken = actions.take_posts(SYSTEM, rows)
    assert (taken.added, taken.closed) == (1, 1)
    held = Post.objects.filter(division__code=grid).order_by("valid_from")
    assert [(p.account.login, p.valid_to) for p in held] == [("old", TODAY), ("new", None)]
    assert Entry.objects.get(kind="post_ended").body["reason"] == "调岗"
    assert actor_for(Account.objects.get(login="old")).reaches == ()
    assert actions.take_posts(SYSTEM, rows).same == 2


def test_every_refused_row_says_why(city: SmallCity) -> None:
    rows = [
        PostRow("", UNIT, "grid_worker", login="nobody"),
        PostRow("甲", "没有的单位", "grid_worker"),
        PostRow("乙", UNIT, "管理员"),
        PostRow("丙", UNIT, "grid_worker", "419801001001999"),
        PostRow("丁", UNIT, "mediator", login="Bad Login!"),
        PostRow("戊", UNIT, "mediator", valid_to=date(2025, 1, 1)),
        PostRow("己", UNIT, "mediator", login="ji", valid_from=date(2025, 1, 1), valid_to=date(2024, 1, 1)),
        PostRow("庚", UNIT, "mediator", login="geng", valid_from=date(2025, 1, 1)),
        PostRow("庚", UNIT, "mediator", login="geng", valid_from=date(2026, 1, 1)),
    ]
    taken = actions.take_posts(SYSTEM, rows)
    assert taken.added == 1
    assert {index: [error.field for error in errors] for index, errors in taken.refused.items()} == {
        0: ["name"], 1: ["unit_code"], 2: ["role"], 3: ["division_code"], 4: ["login"], 5: ["valid_from"],
        6: ["valid_to"], 8: ["valid_from"],
    }  # fmt: skip
    assert "grid_worker" in taken.refused[2][0].en


def test_a_unit_may_be_given_by_its_name_where_only_one_has_it(city: SmallCity) -> None:
    taken = actions.take_posts(SYSTEM, [PostRow("甲", "东河区housing", "handler")])
    assert taken.added == 1
    assert Post.objects.get(account__name="甲").unit.code == "419801-housing"


def test_two_of_one_name_in_a_unit_need_logins(city: SmallCity) -> None:
    rows = [
        PostRow("王伟", UNIT, "mediator", login="wang1"),
        PostRow("王伟", UNIT, "mediator", login="wang2"),
    ]
    assert actions.take_posts(SYSTEM, rows).added == 2
    taken = actions.take_posts(SYSTEM, [PostRow("王伟", UNIT, "grid_worker")])
    assert "wang1, wang2" in taken.refused[0][0].en


def test_a_name_is_corrected_and_kept_out_of_the_hashed_part(city: SmallCity) -> None:
    actions.take_posts(SYSTEM, [PostRow("李四", UNIT, "mediator", login="lisi")])
    taken = actions.take_posts(SYSTEM, [PostRow("李肆", UNIT, "mediator", login="lisi")])
    assert (taken.changed, taken.same) == (1, 1)
    entry = Entry.objects.get(kind="account_amended")
    assert "李肆" not in str(entry.body)
    assert entry.words is not None
    assert entry.words["name"] == "李肆"


def test_ending_a_post_by_itself(city: SmallCity) -> None:
    post = Post.objects.get(account__login="zhengjie")
    actions.end_post(SYSTEM, post.pk, reason="退休")
    assert Post.objects.get(pk=post.pk).valid_to == TODAY
    with pytest.raises(BadInput):
        actions.end_post(SYSTEM, post.pk)
    with pytest.raises(NotFound):
        actions.end_post(SYSTEM, 0)


def test_accounts_sign_in_once_they_have_a_password(city: SmallCity) -> None:
    account = actions.add_account(SYSTEM, " NewOne ", "新人")
    assert account.login == "newone"
    with pytest.raises(Conflict):
        actions.add_account(SYSTEM, "newone", "别人")
    with pytest.raises(BadInput) as refused:
        actions.add_account(SYSTEM, "坏 账号", "")
    assert {error.field for error in refused.value.errors} == {"login", "name"}
    with pytest.raises(BadInput):
        actions.set_password(SYSTEM, "newone", "12345678")
    actions.set_password(SYSTEM, "newone", "correct horse battery")
    account.refresh_from_db()
    assert account.check_password("correct horse battery")
    assert kinds(account) == ["account_added", "password_set"]
    assert "correct" not in str(list(Entry.objects.filter(stream=account.stream).values("body", "words")))
    actions.set_active(SYSTEM, "newone", active=False)
    account.refresh_from_db()
    assert not account.is_active


def test_a_grant_reaches_the_subtree_until_it_is_withdrawn(city: SmallCity) -> None:
    grant = actions.give_grant(SYSTEM, "hean", "coordinator", "419801001", "专班")
    account = Account.objects.get(login="hean")
    assert Reach("coordinator", city.divisions["419801001"].pk) in actor_for(account).reaches
    with pytest.raises(Conflict):
        actions.give_grant(SYSTEM, "hean", "coordinator", "419801001", "再来一次")
    with pytest.raises(BadInput):
        actions.withdraw_grant(SYSTEM, grant.pk, " ")
    actions.withdraw_grant(SYSTEM, grant.pk, "专班结束")
    assert not actor_for(account).holds("coordinator")
    with pytest.raises(Conflict):
        actions.withdraw_grant(SYSTEM, grant.pk, "又一次")
    assert kinds(account) == ["grant_given", "grant_withdrawn"]


@pytest.mark.parametrize(
    ("role", "reason", "until", "field"),
    [
        ("king", "因为", None, "role"),
        ("coordinator", "", None, "reason"),
        ("coordinator", "因为", date(2026, 11, 23), "until"),
    ],
)
def test_a_grant_needs_a_role_a_reason_and_time(
    city: SmallCity, role: str, reason: str, until: date | None, field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        actions.give_grant(SYSTEM, "hean", role, "419801", reason, until=until)
    assert [error.field for error in refused.value.errors] == [field]
    assert not Grant.objects.exists()


@pytest.mark.parametrize(
    "attempt",
    [
        lambda who: actions.take_posts(who, [PostRow("甲", "419802-housing", "handler")]),
        lambda who: actions.give_grant(who, "hean", "clerk", "419802", "帮忙"),
        lambda who: actions.set_password(who, "farhandler", "correct horse battery"),
        lambda who: actions.set_language(who, "farhandler", "en"),
        lambda who: actions.set_active(who, "zhoutao", active=False),
        lambda who: actions.add_account(who, "newone", "新人"),
        lambda who: actions.end_post(who, Post.objects.get(account__login="farhandler").pk),
    ],
    ids=[
        "post elsewhere",
        "grant elsewhere",
        "password elsewhere",
        "language elsewhere",
        "lock out the city's",
        "account",
        "end elsewhere",
    ],
)
def test_an_administrator_keeps_only_her_part_of_the_city(
    city: SmallCity, attempt: Callable[[Actor], object]
) -> None:
    keeper = Actor("staff", "admin", 999, reaches=(Reach("admin", city.divisions["419801"].pk),))
    with pytest.raises(NotAllowed):
        attempt(keeper)
    with pytest.raises(Problem):
        attempt(city.actor("chenmin"))
    attempt(SYSTEM)


def test_everybody_may_change_her_own_password(city: SmallCity) -> None:
    chen = city.actor("chenmin")
    actions.set_password(chen, "chenmin", "correct horse battery")
    with pytest.raises(NotAllowed):
        actions.set_password(chen, "zhaolei", "correct horse battery")
