"""What the door has learned: models trained on the city's own matters, every version kept with its figures."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from onedoor.kernel.models import Logged

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
