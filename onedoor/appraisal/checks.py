"""Start-up checks: indicators and schemes of every pack are sound, with file, line and what to write instead."""

from __future__ import annotations

from typing import Any

from django.core.checks import Error, register

from onedoor.appraisal.indicators import catalogue as indicators
from onedoor.appraisal.schemes import catalogue as schemes
from onedoor.kernel.packs import Fault


@register("packs")
def indicators_are_sound(**_: Any) -> list[Error]:
    """Shape, and that every table, column and value is in the catalogue of the lake."""
    return [_error(fault, "appraisal.E001") for fault in indicators.faults()]


@register("packs")
def schemes_are_sound(**_: Any) -> list[Error]:
    """Shape, weights, names, and what no scheme may do; asked once the indicators are sound."""
    return [] if indicators.faults() else [_error(fault, "appraisal.E002") for fault in schemes.faults()]


def _error(fault: Fault, code: str) -> Error:
    return Error(str(fault), hint=fault.hint_en or None, id=code)
