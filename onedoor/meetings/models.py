"""Meetings on matters, and who was invited."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from onedoor.city.models import Unit
from onedoor.matters.models import Matter


class Meeting(models.Model):
    """会议: units at one table on one matter. Its resolutions are tasks of the matter."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="meetings")
    kind = models.CharField(max_length=20)  # consultation; a pack may convene others
    convened_by = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    convened_at = models.DateTimeField()
    at = models.DateTimeField()
    place = models.CharField(max_length=200)
    agenda = models.TextField()
    state = models.CharField(max_length=10, default="convened")  # convened, concluded, called_off
    minutes = models.TextField(blank=True)
    concluded_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["matter", "state"], name="meeting_matter")]

    def __str__(self) -> str:
        return f"{self.kind} on {self.matter_id}"


class Invitation(models.Model):
    """A unit invited to a meeting: whether it came, why not, and what it says."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="invitations")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    attended = models.BooleanField(null=True)  # null: not recorded
    absence_reason = models.TextField(blank=True)
    opinion = models.TextField(blank=True)
    opinion_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["meeting", "unit"], name="invitation_once")]
        indexes: ClassVar = [models.Index(fields=["unit", "meeting"], name="invitation_unit")]

    def __str__(self) -> str:
        return f"{self.unit_id} to {self.meeting_id}"

    @property
    def noted(self) -> bool:
        """Whether the unit has said its opinion, or its absence is recorded with a reason."""
        return self.opinion_at is not None or self.attended is False
