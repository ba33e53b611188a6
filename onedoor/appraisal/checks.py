"""Start-up checks: every scheme of every pack is sound and holds to what no scheme may do."""

from __future__ import annotations

from typing import Any

from django.core.checks import Error, register

from onedoor.appraisal.schemes import catalogue


@register("packs")
def schemes_are_sound(**_: Any) -> list[Error]:
    """Loads every scheme through its checks; the hint says what to write instead."""
    return [
        Error(str(fault), hint=fault.hint_en or None, id="appraisal.E001") for fault in catalogue.faults()
    ]
