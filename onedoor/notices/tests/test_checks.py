"""What is found at start-up: a sender that is not there; procedures that tell residents in one language only."""

from __future__ import annotations

from typing import Any

from onedoor.matters.registry import EFFECTS, GUARDS, TAKES
from onedoor.notices import checks, senders


def test_a_sender_that_is_not_there_is_named(settings: Any) -> None:
    assert checks.the_sender_exists() == []
    assert senders.configured() is senders.to_outbox
    settings.NOTICE_SENDER = "onedoor.notices.senders.by_pigeon"
    [error] = checks.the_sender_exists()
    assert "by_pigeon" in error.msg


def test_procedures_may_name_these_and_must_tell_in_both_languages() -> None:
    assert {"tell", "remind", "urge", "tell_leader"} <= EFFECTS.keys()
    assert "notified" in GUARDS
    assert TAKES["tell"] == "title"
