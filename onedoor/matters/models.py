"""Matters and what belongs to their lives.

Keys with `db_index=False` need no index of their own: one of the model's indexes begins with them, or nobody asks by
them. Every index less makes every filing faster.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models

from onedoor.city.models import Account, Category, Division, Unit
from onedoor.kernel.actor import Actor
from onedoor.kernel.models import Logged, Version
from onedoor.kernel.sealing import SealedTextField

if TYPE_CHECKING:
    from onedoor.matters.rows import Seen


class ProcedureVersion(Version):
    """One frozen version of a procedure (流程); matters keep the one they were opened under."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "version"], name="procedure_version_once"),
        ]


class Matter(Logged):
    """事项: anything to be done. What this row shows is the fold of its entries."""

    stream_field: ClassVar[str] = "number"  # so that the chain has its name before the row is there

    number = models.CharField(max_length=40, unique=True)
    procedure = models.ForeignKey(
        ProcedureVersion, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+", db_index=False)
    title = models.CharField(max_length=120)
    detail = models.TextField(blank=True)
    channel = models.CharField(max_length=16)  # web, counter, hotline, grid, api, file
    state = models.CharField(max_length=40)
    answers = models.CharField(
        max_length=24, blank=True
    )  # which performer the state waits for; empty once closed
    is_open = models.BooleanField(default=True)
    level = models.PositiveSmallIntegerField(
        default=1
    )  # 1 one unit, 2 several units, 3 a leader takes charge
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="+", db_index=False
    )  # the one responsible unit
    county = models.ForeignKey(
        Division, on_delete=models.PROTECT, related_name="+", db_index=False
    )  # writes divide by it
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, related_name="+", db_index=False
    )  # as deep as is known
    placed = models.BooleanField(default=True)  # False: "no place yet", waits in the clerk's list
    address = models.CharField(max_length=200, blank=True)
    lon = models.FloatField(null=True)  # WGS84
    lat = models.FloatField(null=True)
    confidential = models.BooleanField(default=False)
    category_sure = models.BooleanField(default=True)  # False: waits in the clerk's list to be confirmed
    redirected = models.PositiveSmallIntegerField(default=0)  # times its category or dispatch was corrected
    master = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="joined", db_index=False
    )
    facts = models.JSONField(default=dict)  # values of form fields marked `fact: true`
    times_reopened = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    next_due = models.DateTimeField(null=True)  # the earliest due moment among running clocks
    key = models.CharField(max_length=100, null=True, unique=True)  # idempotency key of the filing
    key_digest = models.CharField(max_length=64, blank=True)
    erased_at = models.DateTimeField(null=True)  # when the personal data in it was erased on time

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["unit", "is_open", "next_due"], name="matter_work"),
            models.Index(fields=["county", "is_open", "next_due"], name="matter_county"),
            models.Index(fields=["is_open", "next_due"], name="matter_due"),
            models.Index(fields=["division", "opened_at"], name="matter_place"),
            models.Index(fields=["category", "opened_at"], name="matter_category"),
            models.Index(fields=["lat", "lon"], name="matter_point", condition=models.Q(lat__isnull=False)),
            models.Index(fields=["opened_at"], name="matter_opened"),
            models.Index(fields=["master"], name="matter_joined", condition=models.Q(master__isnull=False)),
            models.Index(
                fields=["opened_at"],
                name="matter_unsure",
                condition=models.Q(category_sure=False, is_open=True),
            ),
        ]

    reached_by: Actor | None = None  # the actor for whom `policies.reach` found it, and what it saw
    seen: Seen | None = None
    vacant: bool = False  # whether it waits for nobody: said in lists of work (`queries.work`) only

    def __str__(self) -> str:
        return self.number


OPENER = "opener"  # the part of a unit that opened a matter itself, with no resident


class Involved(models.Model):
    """A unit that has a part in a matter, and therefore sees it."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="involved", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    part = models.CharField(max_length=12)  # responsible, task, invited, receiver, arbiter, opener

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["matter", "unit", "part"], name="involved_once")
        ]
        indexes: ClassVar = [models.Index(fields=["unit", "matter"], name="involved_unit")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.part} in {self.matter_id}"


class Party(models.Model):
    """当事人: somebody with a part in a matter. Names and contacts are sealed, purpose-bound and read-logged."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="parties")
    role = models.CharField(max_length=16)  # reporter, respondent, representative, other
    name = SealedTextField(blank=True)
    contact = SealedTextField(blank=True)
    contact_token = models.CharField(
        max_length=64, blank=True, db_index=True
    )  # same reporter? without reading
    unit = models.ForeignKey(
        Unit, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )  # a unit complained of
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")  # a worker so
    confidential = models.BooleanField(default=False)  # the identity stays with the door
    stances = models.JSONField(default=dict)  # topic → agree | refuse | signed …
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["unit", "role"], name="party_unit")]
        verbose_name_plural = "parties"

    def __str__(self) -> str:
        return f"{self.role} of {self.matter_id}"


class Task(models.Model):
    """分办任务: the share of a matter that one unit owes."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="tasks")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="tasks", db_index=False)
    title = models.CharField(max_length=200)
    origin = models.CharField(max_length=40, blank=True)  # the meeting or action it came from
    state = models.CharField(max_length=12, default="open")  # open, done, withdrawn
    result = models.TextField(blank=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["unit", "state"], name="task_work")]

    def __str__(self) -> str:
        return self.title


class Clock(models.Model):
    """时限: a named deadline of a matter or task, with the rule it came from and all that moved it."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="clocks", db_index=False)
    task = models.ForeignKey(Task, null=True, on_delete=models.CASCADE, related_name="clocks")
    name = models.CharField(max_length=40)
    span = models.CharField(max_length=40)  # "7 working days", as `kernel.spans` spells it
    source = models.CharField(max_length=200, blank=True)
    unit = models.ForeignKey(
        Unit, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )  # whom it binds
    state = models.CharField(max_length=8, default="running")  # running, paused, met, dropped
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    provisional = models.BooleanField(default=False)  # runs into a year whose holidays are not published yet
    pauses = models.JSONField(default=list)  # [[from, to or null], …]
    extensions = models.JSONField(default=list)  # [{span, by, why, at}, …]
    ended_at = models.DateTimeField(null=True)
    rung = models.PositiveSmallIntegerField(default=0)  # rungs of the escalation ladder already climbed
    wakes_at = models.DateTimeField(null=True)  # when the next rung or due action is to be taken

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["wakes_at"], name="clock_wakes", condition=models.Q(state="running")),
            models.Index(fields=["matter", "state"], name="clock_matter"),
            models.Index(fields=["unit", "ended_at"], name="clock_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.matter_id}"


class Verdict(models.Model):
    """评判: what a resident said of the outcome; or that she, asked and told, said nothing."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="verdicts", db_index=False)
    number = models.CharField(max_length=40)  # the filing that speaks: the matter's own or a joined one's
    channel = models.CharField(max_length=12)  # resident, callback, silence
    solved = models.BooleanField(null=True)  # null: reached nobody, or silence
    satisfied = models.PositiveSmallIntegerField(null=True)  # 1 to 5
    reason = models.TextField(blank=True)
    round = models.PositiveSmallIntegerField(default=0)  # which answer it speaks of: times reopened before it
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["matter", "round"], name="verdict_round")]

    def __str__(self) -> str:
        return f"{self.channel}: {self.solved}"


class Objection(models.Model):
    """异议: a unit's objection to a dispatch, decided by an arbiter without an interest."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="objections")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    proposed = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    arbiter = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    raised_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    upheld = models.BooleanField(null=True)
    grounds = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"objection of {self.unit_id} on {self.matter_id}"


class Attachment(models.Model):
    """A file that came with a filing or an action: sniffed, limited, re-encoded where it is an image."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=200)  # below ONEDOOR_HOME/files
    from_reporter = models.BooleanField(default=False)
    added_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Reading(models.Model):
    """One reading of sealed contact data: who, what for. Append-only."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="readings")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=200)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.account_id} read {self.party_id}"
