"""How often something may be tried: guesses of query codes, of passwords, filings from one address.

A sliding window from two counters: the tries of this window, and of the one before by the share of it that still
lies within the last `minutes`. Counters live in Django's cache under a hash, so that no address is kept in clear
and all is gone after two windows. With the default cache every server process counts for itself; a cache that
several share (`CACHES`) makes the limit one for all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from onedoor.kernel import time
from onedoor.kernel.problems import Problem, TooMany, WrongCode


@dataclass(frozen=True)
class Limit:
    """At most `most` tries within `minutes` under one key."""

    name: str
    most: int
    minutes: int


# A query code is one of 29^8; these make guessing one hopeless without locking a resident out for long.
CODE_BY_VISITOR = Limit("code by visitor", 20, 15)
CODE_BY_NUMBER = Limit("code by number", 50, 60)
SIGN_IN_BY_VISITOR = Limit("sign-in by visitor", 50, 15)
SIGN_IN_BY_LOGIN = Limit("sign-in by login", 10, 15)
FILING_BY_VISITOR = Limit("filing by visitor", 120, 60)  # a counter or a school may share one address

Spot = tuple[Limit, str]  # a limit and the key under which it counts


def check(*spots: Spot) -> None:
    """Passes in silence while every limit has room. Raises TooMany."""
    for limit, key in spots:
        window, left = _window(limit)
        now, before = _counts(limit, key, window)
        if now + before * left / (60 * limit.minutes) >= limit.most:
            raise TooMany(minutes=ceil(left / 60))


def count(*spots: Spot) -> None:
    """Counts one try under every limit."""
    for limit, key in spots:
        window, _ = _window(limit)
        name = _name(limit, key, window)
        cache.add(name, 0, timeout=2 * 60 * limit.minutes)
        try:
            cache.incr(name)
        except ValueError:  # it went out of the cache between the two
            cache.set(name, 1, timeout=2 * 60 * limit.minutes)


def spend(*spots: Spot) -> None:
    """Counts one try where every try costs, whatever comes of it. Raises TooMany instead when there is no room."""
    check(*spots)
    count(*spots)


@contextmanager
def guesses(*spots: Spot, wrong: tuple[type[Problem], ...] = (WrongCode,)) -> Iterator[None]:
    """Around a try that costs only when it fails with `wrong`. Raises TooMany when there is no room for it."""
    check(*spots)
    try:
        yield
    except wrong:
        count(*spots)
        raise


def visitor(request: HttpRequest) -> str:
    """The network address of whoever asks; behind the proxy of an HTTPS site, the one that the proxy saw."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.HTTPS else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


def _window(limit: Limit) -> tuple[int, int]:
    """The number of the present window, and the seconds (at least one) until it ends."""
    window, passed = divmod(int(time.now().timestamp()), 60 * limit.minutes)
    return window, 60 * limit.minutes - passed


def _counts(limit: Limit, key: str, window: int) -> tuple[int, int]:
    names = _name(limit, key, window), _name(limit, key, window - 1)
    held = cache.get_many(names)
    return held.get(names[0], 0), held.get(names[1], 0)


def _name(limit: Limit, key: str, window: int) -> str:
    return hashlib.sha256(f"{limit.name}/{window}/{key}".encode()).hexdigest()
