"""One step of a matter along its procedure: guards, effects, clocks, the fold and its entry, in one transaction.

Order: guards look at the matter as it stands; clocks are stopped, paused and resumed, and so measure the unit
that had it until now; the state changes; effects change rows; what has ended is wound up; clocks are started, and bind
the unit that has it from now on; the entry is written.
"""

from __future__ import annotations

from typing import Any

from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import NotNow
from onedoor.matters.events import Acted
from onedoor.matters.forms import WORDS
from onedoor.matters.language import Action, FormField, Procedure
from onedoor.matters.models import Matter
from onedoor.matters.moving import Moving
from onedoor.matters.registry import EFFECTS, GUARDS


class Step(Moving):
    """One action of the procedure, taken by an actor with cleaned values."""

    def __init__(
        self, actor: Actor, matter: Matter, procedure: Procedure, key: str, values: dict[str, Any]
    ) -> None:
        super().__init__(actor, matter, procedure)
        self.key, self.values = key, values
        self.action: Action = procedure.actions[key]

    def run(self) -> None:
        """Takes the step. Raises NotNow when a guard refuses; nothing is changed then."""
        self._guards()
        self._turn_clocks()
        self._move()
        for call in self.action.effect:
            EFFECTS[call.name](self, call.argument)
        if not self.matter.is_open:
            self.wind_up()
        for name in self.action.starts:
            self.start(name)
        self.settle(self._event())

    def _guards(self) -> None:
        for call in self.action.guard:
            refusal = GUARDS[call.name](self, call.argument)
            if refusal:
                raise NotNow(zh=refusal[0], en=refusal[1])

    def _turn_clocks(self) -> None:
        for name in self.action.stops:
            if clock := self.clock(name):
                begun_anew = name in self.action.starts  # handed over, say: nobody did what it waited for
                self.end(clock, "dropped" if begun_anew else "met")
        for name in self.action.pauses:
            self.pause(name)
        for name in self.action.resumes:
            self.resume(name)

    def _move(self) -> None:
        matter, states = self.matter, self.procedure.states
        was_open = matter.is_open
        if matter.state == self.procedure.opens.state != self.procedure.target(self.action, matter.state):
            matter.category_sure = True  # whoever takes it up takes it as it is
        matter.state = self.procedure.target(self.action, matter.state)
        state = states[matter.state]
        matter.is_open, matter.answers = not state.end, "" if state.end else state.answers or ""
        if was_open != matter.is_open:
            matter.closed_at = None if matter.is_open else self.at
        self._keep_facts()

    def _keep_facts(self) -> None:
        """What the form says is so from now on; a fact that it asks for and is left blank no longer holds."""
        asked = {name for name, field in self.form.items() if field.fact}
        if asked:
            held = {name: value for name, value in self.matter.facts.items() if name not in asked}
            self.matter.facts = held | {n: v for n, v in self.values.items() if n in asked}

    @property
    def form(self) -> dict[str, FormField]:
        """The fields that the action asks for."""
        return self.procedure.forms.get(self.action.form or "", {})

    def _event(self) -> Acted:
        text = {n: v for n, v in self.values.items() if self.form[n].type in WORDS}
        rest = {n: v for n, v in self.values.items() if n not in text and self.form[n].type != "tasks"}
        return Acted(
            action=self.key,
            changes=self.changes(),
            facts=rest,
            clocks=self.clock_lines(),
            done=self.done,
            text=text,
        )
