"""Callers of the API: strangers, and the cast with keys of theirs. A test module names it in `pytest_plugins`.

What a plugin gives, every test gets: the city is that of `tests.support.cities`, since one of its own here would
take its place everywhere.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from onedoor.city import keys
from onedoor.city.models import ApiKey
from tests.support.smallcity import SmallCity

V1 = "/api/v1"
MANHOLE: dict[str, Any] = {
    "detail": "前村水厂旁的井盖不见了，孩子上学要路过，太危险了。",
    "address": "东柳镇前村小学门口", "lon": 114.005, "lat": 35.505, "category": "", "name": "王小明",
    "contact": "13800000001",
}  # fmt: skip
DEPOSIT = MANHOLE | {
    "detail": "物业公司收了装修押金，装修完半年了还不退押金。", "category": "property.deposit", "address": "",
}  # fmt: skip


class Caller:
    """Calls the API as somebody of the cast, with a key of hers, or as a stranger."""

    def __init__(self, city: SmallCity, login: str | None) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {_key(city, login)}"} if login else {})

    def get(self, where: str, /, **query: Any) -> Any:
        """GET below /api/v1."""
        return self.client.get(V1 + where, query)

    def post(self, where: str, /, **body: Any) -> Any:
        """POST of JSON below /api/v1."""
        return self.client.post(V1 + where, json.dumps(body), content_type="application/json")

    def took(self, where: str, /, **body: Any) -> Any:
        """POST that must be taken; what it answers."""
        return taken(self.post(where, **body))


def _key(city: SmallCity, login: str) -> str:
    key = keys.fresh()
    ApiKey.objects.create(account=city.accounts[login], title="test", digest=keys.digest(key))
    return key


def taken(response: Any) -> Any:
    """What a call answered that must not have been refused."""
    assert response.status_code == 200, response.content.decode()
    return json.loads(response.content)


def refused(response: Any, status: int) -> dict[str, Any]:
    """The problem that a call was refused with."""
    assert response.status_code == status, response.content.decode()
    found = json.loads(response.content)
    assert {"problem", "zh", "en"} <= found.keys()
    return found


Calls = Callable[..., Caller]
Receipt = dict[str, Any]


@pytest.fixture
def call(city: SmallCity) -> Iterator[Calls]:
    """`call("chenmin")` calls as the clerk, `call()` as a stranger; nobody has tried anything yet."""
    cache.clear()
    yield lambda login=None: Caller(city, login)
    cache.clear()


@pytest.fixture
def receipt(call: Calls) -> Receipt:
    """A resident's filing that the housing department answers for: {number, code, …}."""
    found: Receipt = call().took("/matters", **DEPOSIT)
    return found
