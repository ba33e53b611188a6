"""The cast of the small city at their desks."""

from __future__ import annotations

from typing import Any

from django.test import Client

from tests.support.smallcity import SmallCity


def at_desk(city: SmallCity, login: str, *, language: str = "en") -> Client:
    """A browser in which one of the cast has signed in, and reads English or another language."""
    client = Client(headers={"Accept-Language": language})
    client.force_login(city.accounts[login])
    return client


def text(answer: Any) -> str:
    """What a page says."""
    return str(answer.content.decode())
