"""Keys with which other systems act as an account. A key is shown once; only its SHA-256 is kept.

A key is 256 bits of chance, so that its hash needs neither salt nor slowness.
"""

from __future__ import annotations

import hashlib
import secrets

from django.db.models import Q

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
    standing = Q(valid_to=None) | Q(valid_to__gt=time.now().date())
    found = ApiKey.objects.filter(standing, digest=digest(key), account__is_active=True)
    held = found.select_related("account").first()
    return held.account if held else None
