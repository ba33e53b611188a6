"""What holds of every matter after every step, whoever took it: the promises of the engine as one check."""

from __future__ import annotations

from onedoor.city.queries import directory
from onedoor.kernel import log
from onedoor.kernel.actor import Actor, Reach
from onedoor.kernel.models import Entry
from onedoor.matters import fold, policies, procedures
from onedoor.matters.guards import reported
from onedoor.matters.models import Involved, Matter

LEVELS = (1, 2, 3)
BY_HER_WORD = {"say_solved", "hear_silence"}  # said by herself or on call-back, or nothing in the time for it
NOT_SOLVED = ("referred", "unresolved")  # it ends without her word, and never untold


def check(number: str) -> Matter:
    """The matter as the database has it, after everything that is promised of it was found to hold."""
    matter = Matter.objects.get(number=number)
    entries = list(Entry.objects.filter(stream=matter.stream).order_by("seq"))
    _history(matter, entries)
    _clocks(matter)
    _complained_of(matter)
    assert matter.level in LEVELS
    if matter.is_open:
        _open(matter)
    else:
        _closed(matter, entries)
    return matter


def _history(matter: Matter, entries: list[Entry]) -> None:
    """The row is the fold of its entries, and these are one chain whose head it carries."""
    assert fold.fold(entries) == fold.snapshot(matter)
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert [entry.prev for entry in entries] == ["", *(entry.hash for entry in entries[:-1])]
    assert all(entry.hash == log.entry_hash(entry) for entry in entries)
    assert (matter.head_seq, matter.head_hash) == (entries[-1].seq, entries[-1].hash)


def _clocks(matter: Matter) -> None:
    """One clock of a name at a time, but for tasks; the next date is the earliest of those that run."""
    live = list(matter.clocks.filter(state__in=("running", "paused")))
    running = [clock for clock in live if clock.state == "running"]
    assert matter.next_due == min((clock.due_at for clock in running), default=None)
    own = [clock.name for clock in live if clock.task_id is None]
    assert len(own) == len(set(own))
    assert {clock.task_id for clock in live if clock.task_id} == set(
        matter.tasks.filter(state="open").values_list("pk", flat=True)
    )
    assert all(clock.ended_at for clock in matter.clocks.exclude(state__in=("running", "paused")))


def _complained_of(matter: Matter) -> None:
    """A unit complained of has nothing to do in an open matter, and its people do not see it."""
    accused = set(
        matter.parties.filter(role="respondent").exclude(unit=None).values_list("unit_id", flat=True)
    )
    for unit_id in accused:
        assert not policies.visible(head_of(unit_id)).filter(pk=matter.pk).exists()
    if matter.is_open:
        assert matter.unit_id not in accused
        assert not matter.tasks.filter(state="open", unit_id__in=accused).exists()
        assert not matter.objections.filter(decided_at=None, arbiter_id__in=accused).exists()


def _open(matter: Matter) -> None:
    """One unit that stands is responsible, somebody is awaited, a clock runs."""
    assert matter.unit_id in directory().units
    assert Involved.objects.filter(matter=matter, unit_id=matter.unit_id, part="responsible").exists()
    assert matter.answers == procedures.of(matter).states[matter.state].answers
    assert matter.closed_at is None
    assert matter.master_id is None
    lasting = [name for name, rule in procedures.of(matter).clocks.items() if not rule.lapses]
    assert matter.clocks.filter(state="running", name__in=lasting).exists()
    undecided = matter.objections.filter(decided_at=None)
    assert undecided.count() <= 1
    assert all(objection.arbiter_id not in (matter.unit_id, objection.proposed_id) for objection in undecided)


def _closed(matter: Matter, entries: list[Entry]) -> None:
    """Nothing runs on; what a resident reported is solved by her word, by silence after notice, or is in a master."""
    assert matter.closed_at
    assert matter.answers == ""
    assert not matter.clocks.filter(state__in=("running", "paused")).exists()
    assert not matter.tasks.filter(state="open").exists()
    assert not matter.objections.filter(decided_at=None).exists()
    assert not matter.meetings.filter(state="convened").exists()
    if matter.master_id:
        assert matter.state == "joined"
    elif filings := reported(matter):
        _last_word(matter, entries, filings)


def _last_word(matter: Matter, entries: list[Entry], filings: set[str]) -> None:
    ending = next(entry for entry in reversed(entries) if "is_open" in entry.body.get("changes", {}))
    procedure = procedures.of(matter)
    effects = {call.name for call in procedure.actions[ending.body["action"]].effect}
    outcome = procedure.states[matter.state].outcome
    if outcome in NOT_SOLVED:
        assert "tell" in effects
        return
    assert effects & BY_HER_WORD or outcome == "withdrawn"
    if outcome == "withdrawn":
        assert ending.by_kind == "resident"
        assert filings == {matter.number}
        return
    said = matter.verdicts.filter(round=matter.times_reopened)
    heard = set(said.filter(solved=True).values_list("number", flat=True))
    silent = set(said.filter(channel="silence").values_list("number", flat=True))
    assert filings <= heard | silent
    assert not silent or ending.by_kind == "system"
    for entry in entries:
        if entry.body.get("action", "").startswith("called_solved"):
            handled = Involved.objects.filter(matter=matter, part__in=("responsible", "task"))
            assert entry.by_unit not in set(handled.values_list("unit_id", flat=True))


def head_of(unit_id: int) -> Actor:
    """Somebody who holds every role there is in a unit."""
    unit = directory().units[unit_id]
    roles = ("leader", "handler", "mediator", "coordinator", "clerk", "supervisor", "caller", "auditor")
    reaches = tuple(Reach(role, unit.division_id, unit_id) for role in roles)
    return Actor("staff", unit.name, 900_000 + unit_id, frozenset({unit_id}), reaches)
