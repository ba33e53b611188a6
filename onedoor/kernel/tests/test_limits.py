"""Limits hold over a sliding window, per key, and cost only what they should."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from onedoor.kernel import limits, time
from onedoor.kernel.limits import Limit
from onedoor.kernel.problems import NotFound, TooMany, WrongCode
from onedoor.kernel.proof import prove
from onedoor.kernel.sealing import query_code

LIMIT = Limit("test", 3, 10)
NOON = datetime(2026, 11, 23, 12, tzinfo=time.CITY_ZONE)


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def test_the_try_after_the_last_is_refused() -> None:
    with time.at(NOON):
        for _ in range(LIMIT.most):
            limits.spend((LIMIT, "a"))
        with pytest.raises(TooMany):
            limits.spend((LIMIT, "a"))
        limits.spend((LIMIT, "b"))


def test_tries_weigh_less_while_the_window_slides_on() -> None:
    with time.at(NOON):
        for _ in range(LIMIT.most):
            limits.spend((LIMIT, "a"))
    with time.at(NOON + timedelta(minutes=10)), pytest.raises(TooMany):
        limits.check((LIMIT, "a"))
    with time.at(NOON + timedelta(minutes=14)):  # 3 · 0.6 of the window before
        limits.spend((LIMIT, "a"))
        limits.spend((LIMIT, "a"))
        with pytest.raises(TooMany):
            limits.spend((LIMIT, "a"))
    with time.at(NOON + timedelta(minutes=31)):
        limits.check((LIMIT, "a"))


def test_it_says_how_long_to_wait() -> None:
    with time.at(NOON + timedelta(minutes=3)):
        limits.count(*[(LIMIT, "a")] * LIMIT.most)
        with pytest.raises(TooMany, match="7 minutes"):
            limits.check((LIMIT, "a"))


def test_only_wrong_guesses_cost() -> None:
    with time.at(NOON):
        for _ in range(9):
            with limits.guesses((LIMIT, "a")):
                pass
            with pytest.raises(NotFound), limits.guesses((LIMIT, "a")):
                raise NotFound(what="it")
        for _ in range(LIMIT.most):
            with pytest.raises(WrongCode), limits.guesses((LIMIT, "a")):
                raise WrongCode
        with pytest.raises(TooMany), limits.guesses((LIMIT, "a")):
            pytest.fail("there was no room for another")


def test_a_receipt_proves_its_matter_and_no_other() -> None:
    assert (
        prove(" 4198012026000001 ", query_code("4198012026000001").lower(), "here").number
        == "4198012026000001"
    )
    with pytest.raises(WrongCode):
        prove("4198012026000002", query_code("4198012026000001"), "here")


def test_guessing_codes_ends_for_a_visitor_and_for_a_number() -> None:
    with time.at(NOON):
        for guess in range(limits.CODE_BY_VISITOR.most):
            with pytest.raises(WrongCode):
                prove(f"N{guess}", "22222222", "one visitor")
        with pytest.raises(TooMany):
            prove("N1", query_code("N1"), "one visitor")
        for guess in range(limits.CODE_BY_NUMBER.most):
            with pytest.raises(WrongCode):
                prove("N", "22222222", f"visitor {guess}")
        with pytest.raises(TooMany):
            prove("N", query_code("N"), "yet another")


@pytest.mark.parametrize(("https", "seen"), [(False, "10.0.0.1"), (True, "5.6.7.8")])
def test_a_visitor_is_whom_the_proxy_saw_and_not_who_she_says(settings: Any, https: bool, seen: str) -> None:
    settings.HTTPS = https
    request = RequestFactory().get(
        "/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": "1.2.3.4, 5.6.7.8"}
    )
    assert limits.visitor(request) == seen
