"""Signing in, the language that follows the account, and changing one's password."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from onedoor.city.models import Account
from onedoor.kernel.limits import SIGN_IN_BY_LOGIN
from onedoor.kernel.models import Entry
from tests.support.smallcity import SmallCity, small_city

RIGHT = {"login": "liqiang", "password": "a long secret"}


@pytest.fixture
def city(db: None) -> SmallCity:
    return small_city()


@pytest.fixture
def account(city: SmallCity) -> Account:
    """李强, who has a password."""
    cache.clear()
    found = city.accounts["liqiang"]
    found.set_password(RIGHT["password"])
    found.save()
    return found


def test_the_right_password_leads_on(account: Account) -> None:
    answer = Client().post("/desk/sign-in/", RIGHT | {"next": "/desk/tasks/"})
    assert answer.headers["Location"] == "/desk/tasks/"


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "javascript:alert(1)"])
def test_nobody_is_led_elsewhere(account: Account, elsewhere: str) -> None:
    answer = Client().post("/desk/sign-in/", RIGHT | {"next": elsewhere})
    assert answer.headers["Location"] == "/desk/"


def test_a_login_is_taken_in_any_case(account: Account) -> None:
    assert Client().post("/desk/sign-in/", RIGHT | {"login": "LiQiang "}).status_code == 302


@pytest.mark.parametrize("wrong", [{"password": "another"}, {"login": "nobody"}, {"login": ""}])
def test_a_wrong_one_is_told_without_saying_which(account: Account, wrong: dict[str, str]) -> None:
    answer = Client(headers={"Accept-Language": "en"}).post("/desk/sign-in/", RIGHT | wrong)
    assert answer.status_code == 422
    assert "login and password do not match" in answer.content.decode()


def test_an_account_that_was_closed_cannot_sign_in(account: Account) -> None:
    Account.objects.update(is_active=False)
    assert Client().post("/desk/sign-in/", RIGHT).status_code == 422


def test_guessing_is_stopped_for_the_login_and_for_nobody_else(city: SmallCity, account: Account) -> None:
    for _ in range(SIGN_IN_BY_LOGIN.most):
        assert Client().post("/desk/sign-in/", RIGHT | {"password": "no"}).status_code == 422
    answer = Client().post("/desk/sign-in/", RIGHT)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    other = city.accounts["sunyan"]
    other.set_password("another secret")
    other.save()
    assert (
        Client().post("/desk/sign-in/", {"login": "sunyan", "password": "another secret"}).status_code == 302
    )


@pytest.mark.parametrize(("language", "said"), [("en", "My work"), ("zh-hans", "我的工作")])
def test_the_desk_speaks_the_language_of_the_account(account: Account, language: str, said: str) -> None:
    account.language = language
    account.save()
    client = Client(headers={"Accept-Language": "zh-CN" if language == "en" else "en"})
    client.post("/desk/sign-in/", RIGHT)
    assert f"<h1>{said}</h1>" in client.get("/desk/").content.decode()


def test_the_language_chosen_is_kept_for_the_next_time(account: Account) -> None:
    client = Client()
    client.post("/desk/sign-in/", RIGHT)
    for _ in range(2):  # the same again changes nothing
        client.post("/i18n/setlang/", {"language": "en", "next": "/desk/"})
    account.refresh_from_db()
    assert account.language == "en"
    entries = Entry.objects.filter(stream=account.stream, kind="account_amended")
    assert [entry.body["fields"] for entry in entries] == [["language"]]
    elsewhere = Client(headers={"Accept-Language": "zh-CN"})
    elsewhere.post("/desk/sign-in/", RIGHT)
    assert "<h1>My work</h1>" in elsewhere.get("/desk/").content.decode()


def test_a_visitor_chooses_for_this_browser_only_and_no_strange_language_is_kept(account: Account) -> None:
    visitor = Client()
    visitor.post("/i18n/setlang/", {"language": "en", "next": "/"})
    assert 'lang="en"' in visitor.get("/").content.decode()[:200]
    client = Client()
    client.force_login(account)
    client.post("/i18n/setlang/", {"language": "xx", "next": "/"})
    account.refresh_from_db()
    assert account.language == "zh-hans"


def test_signing_out_ends_the_session(account: Account) -> None:
    client = Client()
    client.post("/desk/sign-in/", RIGHT)
    assert client.post("/desk/sign-out/").headers["Location"] == "/desk/sign-in/"
    assert client.get("/desk/").status_code == 302


NEW = {"old": RIGHT["password"], "new": "quite another secret", "again": "quite another secret"}


def test_a_new_password_keeps_one_signed_in(account: Account) -> None:
    client = Client()
    client.post("/desk/sign-in/", RIGHT)
    assert client.post("/desk/password/", NEW).headers["Location"] == "/desk/"
    assert client.get("/desk/").status_code == 200
    account.refresh_from_db()
    assert account.check_password(NEW["new"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"old": "wrong"}, "this is not your present password"),
        ({"again": "something else"}, "the two new passwords differ"),
        ({"new": "12345678", "again": "12345678"}, "entirely numeric"),
    ],
)
def test_a_password_is_not_changed_when_something_is_wrong(
    account: Account, change: dict[str, str], said: str
) -> None:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(account)
    answer = client.post("/desk/password/", NEW | change)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    account.refresh_from_db()
    assert account.check_password(RIGHT["password"])
