"""Start-up checks: the packs of the city go together."""

from __future__ import annotations

from typing import Any

from django.core.checks import Error, register

from onedoor.kernel import installed


@register("packs")
def packs_go_together(**_: Any) -> list[Error]:
    """Folders, names given twice, Python, and fields or indicators about persons."""
    return [Error(str(fault), hint=fault.hint_en or None, id="kernel.E001") for fault in installed.faults()]
