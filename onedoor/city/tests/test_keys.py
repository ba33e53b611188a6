"""Keys: shown once, kept as a hash, good until withdrawn, given only by whoever keeps the account."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory

from onedoor.city import keys
from onedoor.city.actions import issue_key, set_active, withdraw_key
from onedoor.city.middleware import ActorMiddleware
from onedoor.city.models import ApiKey
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.kernel.models import Entry
from onedoor.kernel.problems import BadInput, Conflict, NotAllowed, NotFound
from tests.support.smallcity import SmallCity, small_city

KEEPER = Actor.system("test")
TODAY = datetime(2026, 11, 23, 12, tzinfo=time.CITY_ZONE)


@pytest.fixture
def city(db: None) -> SmallCity:
    return small_city()


def test_a_key_opens_as_its_account_and_is_kept_only_as_a_hash(city: SmallCity) -> None:
    key = issue_key(KEEPER, "chenmin", "Hotline")
    assert keys.account_of(key) == city.accounts["chenmin"]
    assert keys.account_of(key + "x") is None
    held = ApiKey.objects.get()
    assert key not in (held.title, held.digest)
    kinds = Entry.objects.filter(stream=city.accounts["chenmin"].stream).values_list("kind", flat=True)
    assert list(kinds)[-1] == "key_issued"


def test_a_key_ends_on_its_day(city: SmallCity) -> None:
    with time.at(TODAY):
        key = issue_key(KEEPER, "chenmin", "Hotline", until=(TODAY + timedelta(days=2)).date())
    with time.at(TODAY + timedelta(days=1)):
        assert keys.account_of(key)
    with time.at(TODAY + timedelta(days=2)):
        assert keys.account_of(key) is None


def test_a_withdrawn_key_opens_nothing(city: SmallCity) -> None:
    key = issue_key(KEEPER, "chenmin", "Hotline")
    held = withdraw_key(KEEPER, ApiKey.objects.get().pk)
    assert keys.account_of(key) is None
    with pytest.raises(Conflict):
        withdraw_key(KEEPER, held.pk)


def test_the_key_of_somebody_who_may_no_longer_sign_in_opens_nothing(city: SmallCity) -> None:
    key = issue_key(KEEPER, "chenmin", "Hotline")
    set_active(KEEPER, "chenmin", active=False)
    assert keys.account_of(key) is None


def test_what_is_refused(city: SmallCity) -> None:
    with pytest.raises(NotAllowed):
        issue_key(city.actor("chenmin"), "chenmin", "Hotline")
    with pytest.raises(NotFound):
        issue_key(KEEPER, "nobody", "Hotline")
    with pytest.raises(NotFound):
        withdraw_key(KEEPER, 0)
    with pytest.raises(BadInput) as refused:
        issue_key(KEEPER, "chenmin", "", until=time.now().date())
    assert [error.field for error in refused.value.errors] == ["title", "until"]


def test_the_actor_of_a_request_is_found_when_it_is_asked_for(
    city: SmallCity, django_assert_num_queries: Any
) -> None:
    request = RequestFactory().get("/")
    with django_assert_num_queries(0):
        ActorMiddleware(lambda _: HttpResponse())(request)
    request.user = AnonymousUser()
    assert request.actor.kind == "resident"  # type: ignore[attr-defined]
    other = RequestFactory().get("/")
    ActorMiddleware(lambda _: HttpResponse())(other)
    other.user = city.accounts["chenmin"]
    assert other.actor.holds("clerk")  # type: ignore[attr-defined]
