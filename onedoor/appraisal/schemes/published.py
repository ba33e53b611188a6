"""Schemes as published: frozen versions, the newest by key."""

from __future__ import annotations

from onedoor.appraisal.models import SchemeVersion
from onedoor.appraisal.schemes.language import Scheme
from onedoor.kernel.problems import NotFound
from onedoor.kernel.versions import Shelf

_shelf: Shelf[SchemeVersion, Scheme] = Shelf(SchemeVersion, Scheme)


def version(key: str) -> SchemeVersion:
    """The newest published version of a scheme. Raises NotFound."""
    try:
        return _shelf.current(key)
    except LookupError:
        raise NotFound(what=key) from None


def of(version_id: int) -> Scheme:
    """A published version, ready to use."""
    return _shelf.compiled(version_id)


def forget() -> None:
    """Drops what is held in memory: after publishing, and between tests."""
    _shelf.forget()
