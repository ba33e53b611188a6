"""Walks: a matter on a random legal way through its procedure, whoever does whatever may be done."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from onedoor.city.models import Account
from onedoor.city.queries import directory
from onedoor.kernel import time
from onedoor.kernel.actor import Actor, Reach
from onedoor.kernel.problems import BadInput, Conflict, NotFound, NotNow
from onedoor.matters import actions as matters
from onedoor.matters import policies, procedures
from onedoor.matters.actions.opening import Filing, PartyData
from onedoor.matters.language import FormField, Procedure
from onedoor.matters.models import OPENER, Matter
from onedoor.matters.tables import latest
from onedoor.meetings import actions as meetings
from tests.support import invariants
from tests.support.smallcity import CAST, SmallCity

SYSTEM = Actor.system("test")
START = datetime(2026, 3, 2, 9, 0, tzinfo=time.CITY_ZONE)
TRIES, FAR = 8, 5
SPANS = ("1 working days", "3 days", "5 working days", "15 days")
SELDOM = {"withdraw", "hand_over", "take_charge", "urge", "reclassify", "choose_room"}


class Walk:
    """One matter (and some filings that are joined to it) on a random way through its procedure."""

    secret = 0.0  # the share of filings that are to be kept confidential

    def __init__(self, city: SmallCity, key: str, random: Random, taken: set[str]) -> None:
        self.city, self.random, self.now, self.known = city, random, START, taken
        self.key = key
        self.category = random.choice(
            sorted(c.code for c in directory().categories.values() if c.procedure == key)
        )
        self.number = self.filed()
        self.cast = [city.actor(login) for login in CAST]
        self.joined: list[str] = []

    def filed(self) -> str:
        """A new filing: by a resident, found by staff or opened by a unit, against somebody or nobody."""
        asked = not procedures.loaded()[self.key].procedure.opens.by and self.random.random() < 0.75
        parties = [PartyData("reporter", "刘娟", "13800001234")] if asked else []
        if self.random.random() < 0.85:
            parties.append(PartyData("respondent", "某物业公司"))
        filing = Filing(
            directory().categories[self.category], self.unit(), self.city.first_grid.pk,
            "押金不退", parties=tuple(parties),
            confidential=self.secret > 0 and self.random.random() < self.secret,
        )  # fmt: skip
        return matters.open_many(SYSTEM, [filing])[0].number

    def unit(self) -> int:
        """Any unit of the county."""
        return self.random.choice(
            [u.pk for code, u in sorted(self.city.units.items()) if code.startswith("419801")]
        )

    @property
    def matter(self) -> Matter:
        """As it is now."""
        return Matter.objects.get(number=self.number)

    def go(self) -> None:
        """One step of some kind, and then the clocks; everything must hold after each."""
        with time.at(self.now):
            kind = self.random.choices((self.act, self.aside, self.table), (9, 1, 2))[0]
            before = self.matter.head_seq
            try:
                kind()
            except (BadInput, Conflict, NotNow):
                assert self.matter.head_seq == before
            invariants.check(self.number)
        self.now += timedelta(hours=self.random.choice((1, 1, 1, 4, 4, 20, 20, 24 * 9)))
        with time.at(self.now):
            while matters.tick():
                for number in (self.number, *self.joined):
                    invariants.check(number)

    def act(self) -> None:
        """Any action that somebody may take now, one that leads to what no walk has taken yet for preference."""
        if not self.matter.is_open and self.random.random() < 0.4:
            self.number, self.joined = self.filed(), []
        refused: set[str] = set()
        for actor in self.random.choices(self.somebodies(), k=TRIES):
            if (matter := self.seen_by(actor)) is None:
                continue
            procedure = procedures.of(matter)
            open_to = [
                key for key in procedure.actions_from(matter.state)
                if key not in refused and policies.performs(matter, procedure.actions[key].by)
            ]  # fmt: skip
            if not open_to:
                continue
            worth = promise(procedure, self.known)
            targets = [procedure.target(procedure.actions[key], matter.state) for key in open_to]
            weights = [
                1 + 4 * worth[target] + 12 * (key not in self.known)
                for key, target in zip(open_to, targets, strict=True)
            ]
            key = self.random.choices(open_to, weights)[0]
            if key in SELDOM and self.random.random() < 0.95:
                continue
            if self.taken(actor, key):
                return
            refused.add(key)

    def taken(self, actor: Actor, key: str) -> bool:
        """Takes an action with what may be filled in; False where something stood in the way, and nothing changed."""
        before = self.matter
        procedure = procedures.of(before)
        form = procedure.forms.get(procedure.actions[key].form or "", {})
        try:
            matters.act(actor, self.number, key, {n: self.value(f, before) for n, f in form.items()})
        except (BadInput, NotNow):
            assert self.matter.head_seq == before.head_seq
            return False
        self.known.add(key)
        return True

    def seen_by(self, actor: Actor) -> Matter | None:
        """The matter as somebody reaches it, if she may."""
        try:
            return policies.reach(actor, self.number)
        except NotFound:
            return None

    def somebodies(self) -> list[Actor]:
        """The cast, somebody of the responsible unit and of one that arbitrates, and every reporter."""
        matter = self.matter
        opened = matter.involved.filter(part=OPENER).values_list("unit_id", flat=True)
        units = {matter.unit_id, *opened, *matter.objections.values_list("arbiter_id", flat=True)}
        residents = [Actor.resident(number) for number in (self.number, *self.joined)]
        caller = self.city.actor("sunli")
        return [*self.cast, *[caller] * 4, *list(map(self.worker, sorted(units))) * 5, *residents * 4]

    def worker(self, unit_id: int) -> Actor:
        """Somebody who works in a unit."""
        unit = directory().units[unit_id]
        account, _ = Account.objects.get_or_create(login=f"worker{unit_id}", name="经办")
        roles = ("handler", "mediator", "leader", "supervisor")
        reaches = tuple(Reach(role, unit.division_id, unit_id) for role in roles)
        return Actor("staff", account.name, account.pk, frozenset({unit_id}), reaches)

    def value(self, field: FormField, matter: Matter) -> Any:
        """Something valid to fill in."""
        pick = self.random.choice
        made = {
            "text": lambda: "某处", "long_text": lambda: "写明情况", "yes_no": lambda: True, "rating": lambda: 4,
            "choice": lambda: pick([*field.choices, *list(field.choices)[:1] * 3]),
            "span": lambda: field.longest or pick(SPANS),
            "unit": self.unit, "units": lambda: [self.unit(), self.unit()], "date": lambda: self.now.date().isoformat(),
            "moment": (self.now + timedelta(days=1)).isoformat, "number": lambda: "3",
            "money": lambda: "3000", "party": lambda: self.party(matter),
            "category": lambda: self.category, "filing": lambda: pick([self.number, *self.joined]),
            "rows": lambda: self.rows(field, matter),
            "tasks": lambda: [{"unit": self.unit(), "what": "核实", "span": pick(SPANS)}],
        }  # fmt: skip
        return made[field.type]()

    def rows(self, field: FormField, matter: Matter) -> list[dict[str, Any]]:
        """Rows with something valid in every cell; as many as they answer."""
        count = len(latest(matter, field.answers)) if field.answers else self.random.choice((1, 2))
        cells = {
            name: FormField.model_validate(column.model_dump()) for name, column in field.columns.items()
        }
        return [{name: self.value(cell, matter) for name, cell in cells.items()} for _ in range(count)]

    def party(self, matter: Matter) -> int:
        """A party, one that has not been asked yet for preference."""
        parties = sorted(matter.parties.all(), key=lambda party: (len(party.stances), party.pk))
        return self.random.choice([party.pk for party in parties[:1] * 3 + parties] or [0])

    def aside(self) -> None:
        """What happens outside the procedure: filings joined and parted, places and parties found."""
        kind = self.random.randrange(6)
        if kind == 0 and len(self.joined) < 2:
            number = self.filed()
            matters.join(SYSTEM, number, self.number)
            self.joined.append(number)
        elif kind == 1 and self.joined:
            matters.separate(SYSTEM, self.joined.pop(), "不是同一件事")
        elif kind == 2:
            matters.add_party(SYSTEM, self.number, PartyData("respondent", unit_id=self.unit()))
        elif kind == 3:
            matters.place(SYSTEM, self.number, self.city.divisions["419801002"].pk, self.unit())
        elif kind == 4:
            matters.note(SYSTEM, self.number, "请抓紧")
        else:
            matters.correct(SYSTEM, self.number, directory().categories["other.general"], self.unit())

    def table(self) -> None:
        """Units report tasks, say what they think, or are noted absent."""
        for task in self.matter.tasks.filter(state="open")[:1]:
            matters.finish_task(self.worker(task.unit_id), task.pk, "已核实")
        for meeting in self.matter.meetings.filter(state="convened"):
            for invitation in meeting.invitations.filter(opinion_at=None)[:2]:
                meetings.record_attendance(
                    SYSTEM, meeting.pk, invitation.unit_id, attended=False, reason="出差"
                )


def promise(procedure: Procedure, known: set[str]) -> dict[str, float]:
    """How much that no walk has taken yet lies in every state or beyond it; half as much a step further on."""
    new = {s: sum(key not in known for key in procedure.actions_from(s)) for s in procedure.states}
    worth: dict[str, float] = {s: float(count) for s, count in new.items()}
    for _ in range(FAR):
        beyond = {s: [worth[procedure.target(procedure.actions[key], s)] for key in procedure.actions_from(s)]
                  for s in worth}  # fmt: skip
        worth = {s: new[s] + max(beyond[s], default=0.0) / 2 for s in worth}
    return worth
