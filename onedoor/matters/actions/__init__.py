"""Changes to matters. Each checks, changes and appends its entry in one transaction; pages and API call the same."""

from onedoor.matters.actions.acting import act, note
from onedoor.matters.actions.joining import join, separate, tell_apart
from onedoor.matters.actions.opening import Filing, PartyData, open_many
from onedoor.matters.actions.people import add_party, attach, erase_due, read_contact
from onedoor.matters.actions.placing import confirm_category, correct, place
from onedoor.matters.actions.publishing import load_categories, publish
from onedoor.matters.actions.starting import begin
from onedoor.matters.actions.tasks import finish_task, withdraw_task
from onedoor.matters.actions.timers import recompute_clocks, tick
from onedoor.matters.actions.verdicts import give_verdict

__all__ = [
    "Filing", "PartyData", "act", "add_party", "attach", "begin", "confirm_category", "correct", "erase_due",
    "finish_task", "give_verdict", "join",
    "load_categories", "note", "open_many", "place", "publish", "read_contact", "recompute_clocks", "separate",
    "tell_apart", "tick", "withdraw_task",
]  # fmt: skip
