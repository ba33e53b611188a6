"""Residents in tests: with a number and code, and without."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.test import Client

from onedoor.kernel.sealing import query_code
from onedoor.matters.models import Matter
from tests.support.smallcity import SmallCity, small_city


def fresh_city() -> SmallCity:
    """The small city, and nobody has tried anything yet (limits count in the cache)."""
    cache.clear()
    return small_city()


def stranger(language: str = "zh-CN") -> Client:
    """Somebody who has proved nothing."""
    return Client(headers={"accept-language": language})


def follower(matter: Matter, language: str = "zh-CN") -> Client:
    """Somebody who has opened a matter with its number and code."""
    client = stranger(language)
    answer = client.post("/follow/", {"number": matter.number, "code": query_code(matter.number)})
    assert answer.status_code == 302
    return client


def text(answer: Any) -> str:
    """The page as it was sent."""
    return answer.content.decode()
