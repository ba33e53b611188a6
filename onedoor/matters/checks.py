"""Start-up checks: every procedure of every pack is sound."""

from __future__ import annotations

from typing import Any

from django.core.checks import Error, register

from onedoor.kernel.packs import FaultyFile
from onedoor.matters import ladders, procedures


@register("packs")
def procedures_are_sound(**_: Any) -> list[Error]:
    """Loads every procedure through its three checks; the hint says what to write instead."""
    faults = [Error(str(fault), hint=fault.hint_en, id="matters.E002") for fault in ladders.faults()]
    for file in procedures.files():
        try:
            procedures.load(file)
        except FaultyFile as error:
            faults += [
                Error(str(fault), hint=fault.hint_en or None, id="matters.E001") for fault in error.faults
            ]
    return faults
