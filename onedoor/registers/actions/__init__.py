"""Changes to records and visits. Each checks, changes and appends its entry in one transaction."""

from onedoor.registers.actions.attaching import attach
from onedoor.registers.actions.entering import correct, enter, take
from onedoor.registers.actions.lasting import renew, transfer, withdraw
from onedoor.registers.actions.people import erase_due, read_contact
from onedoor.registers.actions.publishing import publish
from onedoor.registers.actions.visiting import do_visit, plan_visits

__all__ = [
    "attach", "correct", "do_visit", "enter", "erase_due", "plan_visits", "publish", "read_contact", "renew", "take",
    "transfer", "withdraw",
]  # fmt: skip
