"""Keys with which other systems act as an account. A key is shown once; only its SHA-256 is kept.

A key is 256 bits of chance, so that its hash needs neither salt nor slowness.
"""

from __future__ import annotations

import hashlib
import secrets

from django.db.models import Q, QuerySet

from onedoor.city.models import Account, ApiKey
from onedoor.kernel import time

MARK = "od1_"  # so that a key that leaked is recognised for one


def fresh() -> str:
    """A new key."""
    return MARK + secrets.token_urlsafe(32)


def digest(key: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def account_of(key: str) -> Account | None:
    """The account that a key acts as, while both are valid."""
    found = ApiKey.objects.filter(_standing(), digest=digest(key), account__is_active=True)
    held = found.select_related("account").first()
    return held.account if held else None


def held(key: str) -> ApiKey:
    """What is kept of a key, with its account. Raises DoesNotExist."""
    return ApiKey.objects.select_related("account").get(digest=digest(key))


def listed(login: str | None = None, *, ended: bool = False) -> QuerySet[ApiKey]:
    """The keys that stand, or also those that have ended, of one account or of all, in the order they were given."""
    rows = ApiKey.objects.select_related("account").order_by("pk")
    rows = rows if ended else rows.filter(_standing())
    return rows if login is None else rows.filter(account__login__iexact=login.strip())


def _standing() -> Q:
    return Q(valid_to=None) | Q(valid_to__gt=time.now().date())
