"""Start-up checks: every register of every pack is sound."""

from __future__ import annotations

from typing import Any

from django.core.checks import Error, register

from onedoor.registers import kinds


@register("packs")
def registers_are_sound(**_: Any) -> list[Error]:
    """Loads every register through its checks; the hint says what to write instead."""
    return [Error(str(fault), hint=fault.hint_en or None, id="registers.E001") for fault in kinds.faults()]
