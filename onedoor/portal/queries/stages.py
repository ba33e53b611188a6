"""How far a matter is: the stages its procedure names, or the four that every matter has."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from onedoor.matters.stages import reached
from onedoor.portal import policies
from onedoor.portal.queries.matters import Filing, state_title

Step = dict[str, Any]  # as the `steps` component takes it


def stages(found: Filing) -> list[Step]:
    """One seal per stage, with the day it was last entered."""
    changes = [(entry.body.get("changes", {}), entry.at) for entry in reversed(found.entries)]
    entered = [(changed["state"], at) for changed, at in changes if "state" in changed]
    named = reached(found.procedure, found.asked.state, entered, is_open=found.asked.is_open)
    return [
        {
            "mark": stage.mark,
            "title": state_title(found.procedure, stage.state),
            "state": stage.standing,
            "at": stage.at,
        }
        for stage in named
    ] or _usual(found)


def _usual(found: Filing) -> list[Step]:
    now, is_open = policies.stage_of(found.procedure, found.asked.state), found.asked.is_open
    titles = (_("We have it"), _("Being handled"), _("Answered: your word"), _("Closed"))
    return [
        {
            "title": title,
            "state": "todo" if place > now else "current" if place == now and is_open else "done",
        }
        for place, title in enumerate(titles)
    ]
