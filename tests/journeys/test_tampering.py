"""After a whole story the history verifies; whatever somebody with the database in hand does to it is found."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db.models import F

from onedoor.kernel import log
from onedoor.kernel.audit import verify
from onedoor.kernel.models import Counter, Entry
from onedoor.matters import actions as matters
from onedoor.matters.audit import NUMBERS
from onedoor.matters.models import Matter
from tests.journeys import deposit
from tests.journeys.days import on
from tests.journeys.towns import Town

pytest_plugins = ["tests.journeys.stages"]
pytestmark = pytest.mark.django_db

Forgery = Callable[[str], object]


def entries(number: str) -> list[Entry]:
    """The history of a matter."""
    return list(Entry.objects.filter(stream=f"matter/{number}").order_by("seq"))


def edit_what_was_done(number: str) -> None:
    """Somebody makes it look as if another had acted."""
    Entry.objects.filter(pk=entries(number)[5].pk).update(by_account=F("by_account") + 1)


def edit_what_was_said(number: str) -> None:
    """Somebody rewrites the words of an answer."""
    answer = next(entry for entry in reversed(entries(number)) if entry.words)
    answer.words = {**(answer.words or {}), "text": {"answer": "群众不满意是她的事"}}
    answer.save(update_fields=["words"])


def edit_and_rehash(number: str) -> None:
    """Somebody who knows how the chain is made changes an entry and makes the rest of the chain fit."""
    chain = entries(number)
    chain[3].body = chain[3].body | {"facts": {"outcome": "explained"}}
    _rechain(chain)


def delete_from_the_middle(number: str) -> None:
    """An entry that was unwelcome is gone."""
    entries(number)[4].delete()


def delete_the_last(number: str) -> None:
    """The resident's verdict is gone."""
    entries(number)[-1].delete()


def delete_and_close_up(number: str) -> None:
    """An entry is gone, and all after it are renumbered and made to fit."""
    chain = entries(number)
    chain.pop(4).delete()
    for place, entry in enumerate(chain, start=1):
        entry.seq = place
    _rechain(chain)


def delete_the_matter(number: str) -> None:
    """A whole matter is gone, but its history was forgotten."""
    _delete(number)


def delete_the_matter_and_its_history(number: str) -> None:
    """A whole matter is gone with all that was written of it."""
    _delete(number)
    Entry.objects.filter(stream=f"matter/{number}").delete()


def delete_the_matter_its_history_and_its_number(number: str) -> None:
    """… and so that nobody misses the number, the counter is set back."""
    delete_the_matter_and_its_history(number)
    Counter.objects.filter(key__startswith=NUMBERS).update(last=F("last") - 1)


def reorder(number: str) -> None:
    """Two entries change places: the answer now came before the tasks were done."""
    chain = entries(number)
    first, second = chain[6], chain[7]
    Entry.objects.filter(pk=first.pk).update(seq=9999)
    Entry.objects.filter(pk=second.pk).update(seq=first.seq)
    Entry.objects.filter(pk=first.pk).update(seq=second.seq)


def reorder_and_rehash(number: str) -> None:
    """… and the chain is made to fit."""
    reorder(number)
    _rechain(entries(number))


def _rechain(chain: list[Entry]) -> None:
    """Hashes as they would be had it all happened so; and the head that the matter carries."""
    before = ""
    for entry in chain:
        entry.prev = before
        before = entry.hash = log.entry_hash(entry)
        entry.save()
    Matter.objects.filter(number=chain[0].stream.removeprefix("matter/")).update(
        head_seq=chain[-1].seq, head_hash=before
    )


def _delete(number: str) -> None:
    matter = Matter.objects.get(number=number)
    matter.joined.update(master=None)
    matter.delete()


FORGERIES: dict[Forgery, set[str]] = {
    edit_what_was_done: {"edited"},
    edit_what_was_said: {"edited"},
    edit_and_rehash: {"anchor"},
    delete_from_the_middle: {"missing"},
    delete_the_last: {"head"},
    delete_and_close_up: {"anchor"},
    delete_the_matter: {"orphan", "gap"},
    delete_the_matter_and_its_history: {"gap", "anchor"},
    delete_the_matter_its_history_and_its_number: {"anchor"},
    reorder: {"reordered", "edited"},
    reorder_and_rehash: {"reordered", "anchor"},
}


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda forge: forge.__name__)
def test_every_forgery_is_found(town: Town, forge: Forgery) -> None:
    number = _told(town).number
    forge(number)
    found = list(verify())
    assert {finding.what for finding in found} >= FORGERIES[forge]
    named = {finding.stream for finding in found if finding.what not in ("anchor", "gap", "fold")}
    assert named <= {f"matter/{number}"}  # it says where, and accuses no other history


def _told(town: Town) -> deposit.Deposit:
    """The whole story, closed, and sealed by the anchor of the night."""
    story = deposit.answered(town)
    with on(22, "19:00"):
        matters.give_verdict(story.neighbour_herself(), True, {})
        matters.give_verdict(story.resident(), True, {"satisfied": 4, "reason": "退了"})
    with on(22, "23:59"):
        assert log.anchor() is not None
    return story


def test_what_nobody_touched_verifies(town: Town) -> None:
    _told(town)
    assert list(verify()) == []


def test_a_word_that_was_erased_on_time_is_no_forgery(town: Town) -> None:
    number = _told(town).number
    assert log.erase_words(entries(number)) > 5
    assert list(verify()) == []
