"""Start-up checks: every questionnaire of every pack is sound, with file, line and what to write instead."""

from __future__ import annotations

from typing import Any

from django.core.checks import Error, register

from onedoor.surveys import catalogue


@register("packs")
def questionnaires_are_sound(**_: Any) -> list[Error]:
    """Shape, graph, names, and that none asks who somebody is or judges a person."""
    return [Error(str(fault), hint=fault.hint_en or None, id="surveys.E001") for fault in catalogue.faults()]
