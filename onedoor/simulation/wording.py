"""What people in the demo city write into the forms of procedures: every field gets something fitting."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from onedoor.city.models import Unit
from onedoor.city.queries import directory, unit_kinds
from onedoor.kernel import time
from onedoor.kernel.problems import Problem
from onedoor.kernel.statements import Select, ask
from onedoor.matters import procedures
from onedoor.matters.language import Action, Column, FormField
from onedoor.matters.tables import latest
from onedoor.meetings import actions as meetings
from onedoor.meetings.models import Meeting
from onedoor.simulation.brought import brought
from onedoor.simulation.voices import filled, spoken

if TYPE_CHECKING:
    from onedoor.simulation.cast import Cast
    from onedoor.simulation.life import Case

MEETINGS = Select(Meeting, "matter_id = %s", order="id DESC")
INVITED = "SELECT unit_id FROM meetings_invitation WHERE meeting_id = %s ORDER BY unit_id"
SPANS = ("3 working days", "5 working days", "7 working days")
ABSENT = 0.12  # share of invited units that do not come


class Wording:
    """Fills forms for a case, in the words of `language/`."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng

    def fill(self, case: Case, key: str, action: Action) -> dict[str, Any]:
        """Values for the form of an action, every field by its type and name."""
        form = procedures.of(case.matter).forms.get(action.form or "", {})
        return {
            name: self._value(case, key, name, field)
            for name, field in form.items()
            if self._given(field) or key == "offer_mediation"
        }

    def _given(self, field: FormField) -> bool:
        return field.required or self.rng.random() < 0.6

    def _value(self, case: Case, key: str, name: str, field: FormField) -> Any:
        if field.type in ("text", "long_text"):
            return self.text(case, key, name)[: field.most or 200]
        given = brought().given(procedures.of(case.matter).procedure, key, name)
        if given is not None:
            chosen = given if isinstance(given, str) else self.rng.choice(given)
            return self._of_kind(case, chosen) if field.type == "unit" else chosen
        if field.type == "choice":
            wanted = "solved" if case.solved else "explained"
            return wanted if wanted in field.choices else self._choice(field)
        if field.type == "rows":
            return self._rows(case, key, name, field)
        makers = {
            "yes_no": lambda: True,
            "money": lambda: case.told.trouble.slots["amount"],
            "span": lambda: field.longest or self.rng.choice(SPANS),
            "unit": lambda: (self._room(case) if key == "offer_mediation" else self._right_unit(case)).pk,
            "units": lambda: [unit.pk for unit in self._invited(case)],
            "moment": lambda: (time.now() + timedelta(hours=4)).isoformat(timespec="minutes"),
            "date": lambda: time.now().date().isoformat(),
            "category": lambda: case.told.trouble.kind.category,
            "tasks": lambda: self._tasks(case),
            "rating": lambda: self.rng.choice([4, 5]),
            "number": lambda: "1",
            "filing": lambda: case.matter.number,
            "party": lambda: case.matter.parties.values_list("pk", flat=True)[0],
        }
        return makers[field.type]()

    def _rows(self, case: Case, key: str, name: str, field: FormField) -> list[dict[str, Any]]:
        """A few rows, or one for each that they answer."""
        count = len(latest(case.matter, field.answers)) if field.answers else self.rng.choice([1, 2, 2, 3])
        return [
            {part: self._cell(case, key, f"{name}.{part}", column) for part, column in field.columns.items()}
            for _ in range(count)
        ]

    def _cell(self, case: Case, key: str, name: str, column: Column) -> Any:
        given = brought().given(procedures.of(case.matter).procedure, key, name)
        if given is not None:
            return self.rng.choice(given)
        if column.type in ("text", "long_text"):
            return self.text(case, key, name)[: column.most or 200]
        if column.type == "choice":
            return self._choice(column)
        simple = {"yes_no": True, "date": time.now().date().isoformat(), "unit": self._right_unit(case).pk}
        return simple.get(column.type, "1")

    def _choice(self, field: FormField | Column) -> str:
        """The first choices are the usual ones."""
        options = list(field.choices)
        return self.rng.choices(options, [1 / (place + 1) ** 2 for place in range(len(options))])[0]

    def text(self, case: Case, key: str, name: str) -> str:
        """Words for a text field, by the action and the field."""
        replies, rng = spoken("replies"), self.rng
        own = brought().said(procedures.of(case.matter).procedure, key, name)
        if own:
            return self.said(case, rng.choice(own))
        pools = {
            "answer": replies["good"] if case.solved or rng.random() < 0.3 else replies["poor"],
            "done": replies["good"] if case.solved else replies["poor"],
            "minutes": spoken("meetings")["closing"],
            "agenda": spoken("meetings")["agenda"],
            "place": ["综治中心会商室"],
            "question": ["请补充[票据|合同|照片]和具体[时间|门牌号]。"],
            "supplement": ["材料已补，[照片|票据]发在附件里。", "具体位置是{road}靠近{estate}。"],
            "mediator": ["调解室调解员", "双方选定的调解员"],
            "facts": [case.matter.detail or case.matter.title],
            "duties": ["一方承担主要责任，另一方配合履行。"],
            "content": [text for texts in spoken("agreements")["content"].values() for text in texts],
            "court": ["区人民法院"],
            "basis": [case.told.trouble.kind.rule or "市级运行规则"],
        }
        return self.said(case, rng.choice(pools.get(name) or self._reasons(case, key)))

    def _reasons(self, case: Case, key: str) -> list[str]:
        replies = spoken("replies")
        by_action = {
            "extend": replies["extension_reasons"],
            "object": replies["objections"]["right" if case.wrong_unit else "wrong"],
            "uphold_objection": replies["arbiter"]["upheld"],
            "reject_objection": replies["arbiter"]["rejected"],
            "appeal": spoken("verdicts")["appeal"],
            "end_mediation": spoken("agreements")["not_reached"],
            "refuse_mediation": spoken("agreements")["not_reached"],
            "not_performed": ["到期未履行，已告知可申请执行。"],
            "send_back": ["现场核查未处置到位，请重新处置。"],
            "explain": ["该设施产权不属本单位，已联系产权单位。"],
        }
        return by_action.get(key) or replies["progress"]

    def said(self, case: Case, template: str) -> str:
        """A template with the slots of the matter and of its handling."""
        unit, rng = directory().units[case.matter.unit_id], self.rng
        acted = time.now() - timedelta(days=rng.randrange(0, 3))
        amount = int(case.told.trouble.slots["amount"])
        slots = {
            **case.told.trouble.slots,
            "title": case.matter.title,
            "unit": unit.name,
            "lead": unit.name,
            "other": self._right_unit(case).name,
            "received": f"{case.matter.opened_at:%m月%d日}",
            "acted": f"{acted:%m月%d日}",
            "done": filled(
                rng.choice(case.told.trouble.kind.done or ("已处理到位",)), case.told.trouble.slots, rng
            ),
            "rule": case.told.trouble.kind.rule or "市级运行规则",
            "days": str(max(1, (time.now() - case.matter.opened_at).days)),
            "party_a": "申请人",
            "party_b": "被申请人",
            "first": str(amount // 2),
            "rest": str(amount - amount // 2),
            "by": f"{time.now() + timedelta(days=15):%Y年%m月%d日}",
        }
        return filled(template, slots, rng)

    def verdict(self, case: Case, *, solved: bool) -> dict[str, Any]:
        """What a resident says when asked: how satisfied, and in her words."""
        pools, rng = spoken("verdicts"), self.rng
        if not solved:
            own = [*pools["unsolved"], *case.told.trouble.kind.again]
            return {"satisfied": rng.choice([1, 2, 2]), "reason": self.said(case, rng.choice(own))}
        mood = rng.choices(["solved_satisfied", "solved_fair", "solved_dissatisfied"], [78, 17, 5])[0]
        satisfied = {"solved_satisfied": [5, 5, 4], "solved_fair": [3, 4], "solved_dissatisfied": [2, 1]}[
            mood
        ]
        return {"satisfied": rng.choice(satisfied), "reason": self.said(case, rng.choice(pools[mood]))}

    def done(self, case: Case) -> str:
        """What a unit reports of its task."""
        return self.said(case, "{acted}{done}。")

    def opinions(self, case: Case, cast: Cast) -> bool:
        """Every invited unit says something, or its absence is recorded by the unit that convened."""
        meeting = next(iter(MEETINGS(case.matter.pk)), None)
        chair = cast.of_unit(self.rng, case.matter.unit_id)
        if meeting is None or chair is None:
            return False
        pools = spoken("meetings")
        for (unit_id,) in ask(INVITED, meeting.pk):
            actor = cast.of_unit(self.rng, unit_id)
            try:
                if actor is None or self.rng.random() < ABSENT:
                    why = self.said(case, self.rng.choice(pools["absences"]))
                    meetings.record_attendance(chair, meeting.pk, unit_id, False, why)
                else:
                    meetings.record_attendance(chair, meeting.pk, unit_id, True, "")
                    kind = self.rng.choice(["support", "support", "reserve", "legal"])
                    meetings.give_opinion(
                        actor, meeting.pk, self.said(case, self.rng.choice(pools["opinions"][kind]))
                    )
            except Problem:
                return False
        return True

    def _right_unit(self, case: Case) -> Unit:
        """The unit that answers for what the matter really is, where it really lies."""
        found = directory()
        category = found.categories[case.told.trouble.kind.category]
        own = [
            unit
            for unit in found.competent(category, case.matter.division_id)
            if unit.pk != case.matter.unit_id
        ]
        return own[0] if own else found.units[case.matter.unit_id]

    def _of_kind(self, case: Case, kind: str) -> int:
        """The unit of a kind nearest to the matter's place, else any; the responsible one where there is none."""
        held = directory()
        found = held.of_kind(kind, case.matter.division_id)
        if found:
            return found[0].pk
        elsewhere = sorted(unit.pk for unit in held.units.values() if unit.kind == kind)
        return self.rng.choice(elsewhere) if elsewhere else case.matter.unit_id

    def _room(self, case: Case) -> Unit:
        """Who mediates such matters at the place: the room for them, else the one for neighbours."""
        found, place = directory(), case.matter.division_id
        rooms = [kind for kind in unit_kinds() if kind.startswith("mediation_")]
        competent = found.competent(found.categories[case.told.trouble.kind.category], place)
        fit = [unit for unit in competent if unit.kind in rooms]
        return next(iter([*fit, *found.of_kind(rooms[-1], place)]), found.units[case.matter.unit_id])

    def _invited(self, case: Case) -> list[Unit]:
        """Two or three units: others that are competent, the township, the department of justice."""
        found, place = directory(), case.matter.division_id
        category = found.categories[case.told.trouble.kind.category]
        units = [*found.competent(category, place)]
        for kind in ("township_office", "justice", "market_regulation", "housing", "police"):
            units += found.of_kind(kind, place)[:1]
        others = [unit for unit in dict.fromkeys(units) if unit.pk != case.matter.unit_id]
        return others[: self.rng.choice([2, 2, 3])]

    def _tasks(self, case: Case) -> list[dict[str, Any]]:
        resolved = self.rng.sample(spoken("meetings")["resolutions"], 2)
        units = [directory().units[case.matter.unit_id], *self._invited(case)]
        return [
            {"unit": unit.pk, "what": self.said(case, item["text"])[:200], "span": item["span"]}
            for unit, item in zip(units, resolved, strict=False)
        ]
