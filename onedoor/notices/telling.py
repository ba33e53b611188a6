"""Putting notices up: one a filing, on its reporter's page at once, and on its way where she left a contact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from onedoor.kernel.statements import insert, new
from onedoor.matters.models import Matter
from onedoor.notices.models import Notice
from onedoor.notices.queries import Filing


def post(matter: Matter, filings: Sequence[Filing], text: Mapping[str, str], at: datetime) -> list[str]:
    """Tells the reporters of these filings of a matter; the numbers told. To be called in the transaction of a change,
    whose entry then says so.
    """
    insert([
        new(
            Notice, matter_id=matter.pk, number=filing.number, text=text, created_at=at,
            channel="sms" if filing.reachable else "page",
            state="waiting" if filing.reachable else "sent",
            sent_at=None if filing.reachable else at,
            next_try_at=at if filing.reachable else None,
        )
        for filing in filings
    ])  # fmt: skip
    return [filing.number for filing in filings]
