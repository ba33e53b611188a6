"""One procedure, its golden traces: step by step who does what, and how the matter then stands.

A trace is data (`traces/*.yaml`). Every step says when, who (`liqiang` of the cast; `resident`, `resident 2` of the
second filing; `housing.leader` for somebody in a unit of the county; `clock` for time alone) and does what with what;
`refused` is what is said when it is not done. `then` is compared with the matter: its state, level, unit, and every
clock with the date it is due, or `paused`. `by clock` names an action that the system has then taken by itself.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from onedoor.city.models import Account
from onedoor.city.queries import directory
from onedoor.kernel import time
from onedoor.kernel.actor import Actor, Reach
from onedoor.kernel.audit import verify
from onedoor.kernel.models import Entry
from onedoor.kernel.packs import read
from onedoor.kernel.problems import Problem
from onedoor.matters import actions as matters
from onedoor.matters import procedures
from onedoor.matters.actions.opening import Filing, PartyData
from onedoor.matters.models import Clock, Matter
from onedoor.meetings import actions as meetings
from onedoor.notices.actions import send_waiting
from tests.support import invariants
from tests.support.smallcity import CAST, SmallCity, small_city

FILES = sorted((Path(__file__).parent / "traces").glob("*.yaml"))
COUNTY = "419801"


class Replay:
    """A matter, and filings joined to it, on the way that a trace tells."""

    def __init__(self, trace: dict[str, Any]) -> None:
        self.trace, self.now = trace, moment(trace["opens"])
        with time.at(self.now):
            self.city: SmallCity = small_city()
            self.numbers = [self.filed()]

    def filed(self) -> str:
        """A filing of the trace's kind."""
        trace = self.trace
        parties = [PartyData("reporter", "刘娟", "13800001234")] if trace.get("reporter", True) else []
        if trace.get("respondent"):
            parties.append(PartyData("respondent", trace["respondent"]))
        filing = Filing(
            directory().categories[trace["category"]], self.unit(trace["unit"]), self.city.first_grid.pk,
            "押金不退", channel="web" if parties else "grid", parties=tuple(parties),
        )  # fmt: skip
        return matters.open_many(Actor.system("test"), [filing])[0].number

    @property
    def matter(self) -> Matter:
        """As it is now."""
        return Matter.objects.get(number=self.numbers[0])

    def unit(self, name: str) -> int:
        """The unit of a kind in the county, or of a full code."""
        return self.city.units[name if "-" in name else f"{COUNTY}-{name}"].pk

    def who(self, name: str) -> Actor:
        """The actor a step names."""
        if name.startswith("resident"):
            return Actor.resident(self.numbers[int(name.removeprefix("resident") or 1) - 1])
        if name in CAST:
            return self.city.actor(name)
        kind, role = name.rsplit(".", 1)
        unit = directory().units[self.unit(kind)]
        account, _ = Account.objects.get_or_create(login=name, name=name)
        return Actor(
            "staff", name, account.pk, frozenset({unit.pk}), (Reach(role, unit.division_id, unit.pk),)
        )

    def value(self, name: str, value: Any) -> Any:
        """A form value as it is sent: units and parties by their ids."""
        if name in ("unit", "units"):
            return [self.unit(one) for one in value] if isinstance(value, list) else self.unit(value)
        if name == "tasks":
            return [{**task, "unit": self.unit(task["unit"])} for task in value]
        if name == "party":
            return self.matter.parties.get(role=value).pk
        return self.numbers[int(value) - 1] if name == "filing" else value

    def step(self, step: dict[str, Any]) -> None:
        """Takes one step, or finds it refused."""
        self.now = moment(step["at"])
        with time.at(self.now):
            while matters.tick():
                pass
            if "refused" in step:
                with pytest.raises(Problem, match=step["refused"]):
                    self.take(step)
            elif step["who"] != "clock":
                self.take(step)
            elif key := step.get("by clock"):
                by_system = Entry.objects.filter(stream=self.matter.stream, kind="acted", by_kind="system")
                assert by_system.latest("seq").body["action"] == key
            send_waiting()
            for number in self.numbers:
                invariants.check(number)

    def take(self, step: dict[str, Any]) -> None:
        """The change that the step names."""
        values = {name: self.value(name, value) for name, value in step.get("with", {}).items()}
        aside = getattr(self, "aside_" + step["does"].replace(" ", "_"), None)
        if aside is not None:
            aside(self.who(step["who"]), values)
            return
        matters.act(self.who(step["who"]), self.numbers[0], step["does"], values)

    def aside_join(self, actor: Actor, _: Any) -> None:
        """A second reporter files the same, and is joined."""
        self.numbers.append(self.filed())
        matters.join(actor, self.numbers[-1], self.numbers[0])

    def aside_finish_task(self, actor: Actor, values: Any) -> None:
        """The actor's unit reports its open task as done."""
        task = self.matter.tasks.filter(state="open", unit_id__in=actor.unit_ids).first()
        assert task is not None
        matters.finish_task(actor, task.pk, values["result"])

    def aside_give_opinion(self, actor: Actor, values: Any) -> None:
        """The actor's unit speaks at the table."""
        meetings.give_opinion(actor, self.meeting, values["opinion"])

    def aside_note_absence(self, actor: Actor, values: Any) -> None:
        """A unit did not come."""
        meetings.record_attendance(actor, self.meeting, values["unit"], attended=False, reason=values["why"])

    @property
    def meeting(self) -> int:
        """The latest meeting."""
        return self.matter.meetings.latest("pk").pk

    def stands(self) -> dict[str, Any]:
        """The matter as `then` tells it."""
        matter = self.matter
        kind = directory().units[matter.unit_id].code.removeprefix(f"{COUNTY}-")
        live = matter.clocks.filter(state__in=("running", "paused")).order_by("due_at", "name", "pk")
        clocks: dict[str, list[str]] = {}
        for clock in live:
            clocks.setdefault(clock.name, []).append(told(clock))
        return {
            "state": matter.state,
            "level": matter.level,
            "unit": kind,
            "clocks": {name: ", ".join(when) for name, when in clocks.items()},
        }


def told(clock: Clock) -> str:
    """`2026-03-13 18:00`, or `paused`."""
    return (
        f"{clock.due_at.astimezone(time.CITY_ZONE):%Y-%m-%d %H:%M}" if clock.state == "running" else "paused"
    )


def moment(text: str) -> datetime:
    """`2026-03-02 09:00` in the city."""
    return datetime.fromisoformat(text).replace(tzinfo=time.CITY_ZONE)


@pytest.mark.django_db
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_it_goes_as_the_trace_says(file: Path) -> None:
    trace = read(file).data
    replay = Replay(trace)
    for step in trace["steps"]:
        replay.step(step)
        if "then" in step:
            stands = replay.stands()
            assert {name: stands[name] for name in step["then"]} == step["then"], step
    with time.at(replay.now):
        assert list(verify()) == []


def test_every_action_of_every_procedure_stands_in_a_trace() -> None:
    steps = [
        (file.stem, step) for file in FILES for step in read(file).data["steps"] if "refused" not in step
    ]
    for key, item in procedures.loaded().items():
        told = {
            step.get("does") or step.get("by clock") for name, step in steps if name.startswith(f"{key}_")
        }
        assert sorted(item.procedure.actions.keys() - told) == [], key
