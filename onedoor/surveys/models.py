"""Published questionnaires, rounds, their strata, what came of the attempts, and answers that lead to nobody."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models

from onedoor.city.models import Division, Unit
from onedoor.kernel.models import Logged, Version

OPEN, CLOSED, PUBLISHED = "open", "closed", "published"
PHONE, WEB, COUNTER = "phone", "web", "counter"
CHANNELS = (PHONE, WEB, COUNTER)


class QuestionnaireVersion(Version):
    """A questionnaire as it was published; it never changes, and a round keeps the one it was opened under."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "version"], name="questionnaire_once")
        ]


class Round(Logged):
    """调查轮次: one questionnaire asked over a period in a division, by a unit that is not judged by it."""

    questionnaire = models.ForeignKey(QuestionnaireVersion, on_delete=models.PROTECT, related_name="rounds")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    house = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")  # the third party that asks
    period = models.CharField(max_length=20)  # 2026-H2: what rounds of one questionnaire are told apart by
    begins = models.DateField()
    ends = models.DateField()
    size = models.PositiveIntegerField()  # answers aimed at
    seed = models.PositiveIntegerField()
    least = models.PositiveIntegerField()  # figures of fewer answers are withheld
    shares = models.JSONField(default=dict, blank=True)  # of the balancing question: option → share, if known
    state = models.CharField(max_length=10, default=OPEN)
    figures = models.JSONField(default=dict, blank=True)  # reckoned when it was closed

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["questionnaire", "division", "period"], name="round_once")
        ]
        indexes: ClassVar = [models.Index(fields=["state", "ends"], name="round_state")]

    def __str__(self) -> str:
        return f"{self.questionnaire} {self.period}"


class Stratum(models.Model):
    """A township in a round: how many its frame holds, how many answers are aimed at, how many places were called."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="strata")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    size = models.PositiveIntegerField()
    target = models.PositiveIntegerField()
    drawn = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["round", "division"], name="stratum_once")]

    def __str__(self) -> str:
        return f"{self.division_id} in {self.round_id}"


class Tally(models.Model):
    """How many attempts of a channel in a stratum ended so (AAPOR). Counts only: no number is ever kept."""

    stratum = models.ForeignKey(Stratum, on_delete=models.CASCADE, related_name="tallies")
    channel = models.CharField(max_length=8)
    outcome = models.CharField(max_length=12)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stratum", "channel", "outcome"], name="tally_once")
        ]

    def __str__(self) -> str:
        return f"{self.stratum_id} {self.channel} {self.outcome}: {self.count}"


class Answer(models.Model):
    """One filled questionnaire. Nothing leads from it to a person, a number, a code, an interviewer or a moment.

    Its key is random, so that not even the order of coming in is kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    stratum = models.ForeignKey(Stratum, on_delete=models.CASCADE, related_name="answers")
    channel = models.CharField(max_length=8)
    values = models.JSONField()

    def __str__(self) -> str:
        return f"an answer in {self.stratum_id}"


class Mark(models.Model):
    """That something was sent once already, beside no answer; all marks of a round go when it closes."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="marks")
    digest = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return f"a mark in {self.round_id}"


class Code(models.Model):
    """A one-time code that opens the questionnaire in the browser. Its digest only; gone once it was used."""

    stratum = models.ForeignKey(Stratum, on_delete=models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return f"a code of {self.stratum_id}"
