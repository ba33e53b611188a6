"""What is found at start-up: a text in one language only, a sender that is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from onedoor.matters import procedures
from onedoor.notices import checks, senders

REQUEST = """
procedure: told
title: {zh: 告知, en: Told}
opens: {state: open, starts: act}
states:
  open: {zh: 办理中, en: Open, answers: unit}
  closed: {zh: 已办结, en: Closed, end: true}
clocks:
  act: {zh: 时限, en: Time, for: 5 working days, source: test}
actions:
  close: {zh: 办结, en: Close, from: open, to: closed, by: unit, effect: {tell: {zh: 已办结。SAYS}}, stops: act}
"""


def loaded(folder: Path, says: str) -> procedures.Loaded:
    file = folder / "procedures" / "told.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(REQUEST.replace("SAYS", says), "utf-8")
    return procedures.load(file)


def test_what_residents_are_told_is_asked_for_in_both_languages(tmp_path: Path) -> None:
    assert list(checks.untold(loaded(tmp_path, ", en: Closed."))) == []
    [fault] = checks.untold(loaded(tmp_path, ""))
    assert (fault.file.name, fault.line) == ("told.yaml", 11)
    assert fault.hint_en == "write `{tell: {zh: …, en: …}}`"


def test_the_procedures_that_ship_tell_in_both() -> None:
    assert checks.residents_are_told_in_both_languages() == []


def test_a_sender_that_is_not_there_is_named(settings: pytest.FixtureRequest) -> None:
    assert checks.the_sender_exists() == []
    assert senders.configured() is senders.to_outbox
    settings.NOTICE_SENDER = "onedoor.notices.senders.by_pigeon"  # type: ignore[attr-defined]
    [error] = checks.the_sender_exists()
    assert "by_pigeon" in error.msg
