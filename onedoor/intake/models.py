"""What the door has learned: models trained on the city's own matters, every version kept with its figures."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from onedoor.kernel.models import Logged
from onedoor.matters.models import Matter

ASKED, IN_USE, RETIRED, REFUSED = "asked", "in_use", "retired", "refused"


class TrainedModel(Logged):
    """学习版本: one version of what the door learned. It holds weights of pieces of words, no text of any matter."""

    kind = models.CharField(
        max_length=12
    )  # category: what a text is about; same: whether two are the same matter
    number = models.PositiveIntegerField()  # counts the versions of one kind
    state = models.CharField(max_length=8)  # asked, in_use, retired, refused
    why = models.JSONField(default=dict)  # {zh, en}: why it was taken, refused or retired
    examples = models.PositiveIntegerField(default=0)  # matters it was trained on
    figures = models.JSONField(default=dict)  # as measured on matters held out: see `learning.Measured`
    body = models.BinaryField(default=bytes)
    asked_at = models.DateTimeField()
    trained_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "number"], name="trained_model_once"),
            models.UniqueConstraint(
                fields=["kind"], name="trained_model_in_use", condition=models.Q(state=IN_USE)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number} ({self.state})"


class HotGroup(models.Model):
    """热点: filings that seem to speak of one thing. What is counted of it is counted anew for whoever looks."""

    headline = models.CharField(max_length=120)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField(db_index=True)
    index = models.PositiveIntegerField(default=0)  # over all its filings: only orders the list
    campaign = models.ForeignKey(Matter, null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.headline


class HotMember(models.Model):
    """A filing in a hot group, how sure that is, and why."""

    group = models.ForeignKey(HotGroup, on_delete=models.CASCADE, related_name="members")
    matter = models.OneToOneField(Matter, on_delete=models.CASCADE, related_name="hot")
    share = models.FloatField()  # the average probability of being the same as the others, 0 to 1
    why = models.JSONField(default=dict)  # {zh, en}

    def __str__(self) -> str:
        return f"{self.matter_id} in {self.group_id}"


class HotState(models.Model):
    """How far grouping has come: one row."""

    looked_to = models.BigIntegerField(default=0)  # the last matter that was put to its group
    rebuilt_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"looked to {self.looked_to}"
