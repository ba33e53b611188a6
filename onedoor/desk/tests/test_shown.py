"""How what was found is shown: masks, shares of time, stages, sources."""

from __future__ import annotations

from datetime import timedelta

import pytest

from onedoor.desk.queries.whole import QUIET
from onedoor.desk.shown import history, parties, words
from onedoor.desk.shown.clocks import used
from onedoor.kernel import time
from onedoor.kernel.events import KINDS
from onedoor.matters.queries import KIND_TITLES


@pytest.mark.parametrize(("name", "shown"), [("刘娟", "刘*"), ("欧阳小明", "欧***"), ("刘", "刘"), ("", "")])
def test_of_a_name_only_its_beginning_is_shown(name: str, shown: str) -> None:
    assert parties.mask_name(name) == shown


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        ("13800001234", "138****1234"),
        ("0392-3312345", "039****2345"),
        ("3312345", "*****45"),
        ("12", "12"),
        ("", ""),
    ],
)
def test_of_a_contact_only_its_ends_are_shown(contact: str, shown: str) -> None:
    assert parties.mask_contact(contact) == shown


@pytest.mark.parametrize(("hours", "share"), [(-1, 0), (0, 0), (5, 50), (10, 100), (20, 100)])
def test_how_much_of_the_time_is_used(hours: int, share: int) -> None:
    started = time.now() - timedelta(hours=hours)
    assert used(started, started + timedelta(hours=10)) == share


def test_a_time_limit_of_no_length_is_used_up() -> None:
    now = time.now()
    assert used(now, now) == 100


def test_a_source_is_parted_into_its_languages() -> None:
    assert words.halves("人民调解法第三十三条 · art. 33") == {"zh": "人民调解法第三十三条", "en": "art. 33"}
    assert words.halves("city list") == {"zh": "city list", "en": "city list"}


def test_a_span_is_said_in_both_languages_and_nonsense_as_it_stands() -> None:
    assert words.span("3 working days") == {"zh": "3个工作日", "en": "3 working days"}
    assert words.span("soon") == {"zh": "soon", "en": "soon"}


def test_every_kind_of_entry_that_a_matter_can_have_is_marked_and_titled() -> None:
    of_matters = {
        kind for kind, event in KINDS.items()
        if event.__module__.split(".")[1] in ("matters", "meetings", "documents", "notices")
    } - {"procedure_published", "category_taken", "notices_sent"}  # fmt: skip
    assert of_matters <= history.MARKS.keys()
    assert of_matters <= history.TITLES.keys() | KIND_TITLES.keys() | {"acted"}


def test_what_counts_as_quiet_is_known_to_the_log() -> None:
    assert KINDS.keys() >= QUIET
