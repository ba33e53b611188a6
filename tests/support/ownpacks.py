"""Packs of a city's own in a test: what `ONEDOOR_PACKS` names is read anew, and forgotten afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from onedoor.kernel import packs
from onedoor.matters import ladders, procedures
from onedoor.registers import kinds
from onedoor.surveys import catalogue

CACHES = (packs.folders, ladders.ladders, procedures.loaded, kinds.loaded, catalogue.loaded)


@pytest.fixture
def own_packs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Call it with the folders that ONEDOOR_PACKS is to name."""

    def named(*roots: Path | str) -> None:
        monkeypatch.setattr(settings, "ONEDOOR_PACKS", [str(root) for root in roots])
        forget()

    yield named
    monkeypatch.undo()
    forget()


def forget() -> None:
    """Drops what is held of the packs."""
    for cache in CACHES:
        cache.cache_clear()
    procedures.forget()
    kinds.forget()
