"""Start-up checks: every indicator of every pack is sound, with file, line and what to write instead."""

from __future__ import annotations

from typing import Any

from django.core.checks import Error, register

from onedoor.appraisal.indicators import catalogue


@register("packs")
def indicators_are_sound(**_: Any) -> list[Error]:
    """Shape, and that every table, column and value is in the catalogue of the lake."""
    return [
        Error(str(fault), hint=fault.hint_en or None, id="appraisal.E001") for fault in catalogue.faults()
    ]
