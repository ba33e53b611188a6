"""Start-up checks: what procedures tell residents is there in both languages, and the sender exists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.checks import Error, register

from onedoor.kernel.packs import Fault, FaultyFile
from onedoor.matters import procedures
from onedoor.matters.procedures import Loaded
from onedoor.notices import senders


@register("packs")
def residents_are_told_in_both_languages(**_: Any) -> list[Error]:
    """Every `tell` says something in Chinese and in English."""
    faults: list[Fault] = []
    for file in procedures.files():
        try:
            faults += untold(procedures.load(file))
        except FaultyFile:  # said by the check of procedures
            continue
    return [Error(str(fault), hint=fault.hint_en, id="notices.E001") for fault in faults]


def untold(loaded: Loaded) -> Iterator[Fault]:
    """The actions whose `tell` lacks a language, each with its file and line."""
    for key, action in loaded.procedure.actions.items():
        for call in action.effect:
            said = call.argument if isinstance(call.argument, dict) else {}
            if call.name == "tell" and not (said.get("zh") and said.get("en")):
                yield loaded.expanded.fault(
                    ["actions", key, "effect"], "告知群众须有中英文", "residents are told in both languages",
                    "写成 {tell: {zh: …, en: …}}", "write `{tell: {zh: …, en: …}}`",
                )  # fmt: skip


@register()
def the_sender_exists(**_: Any) -> list[Error]:
    """`NOTICE_SENDER` names a function that can be imported."""
    try:
        senders.configured()
    except ImportError as error:
        hint = "ONEDOOR_NOTICE_SENDER is the dotted path of a function; leave it unset to write to a folder"
        return [Error(str(error), hint=hint, id="notices.E002")]
    return []
