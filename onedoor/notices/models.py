"""Notices to those who reported a matter, reminders to units, and the record of what was sent."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from onedoor.city.models import Unit
from onedoor.kernel.models import Logged
from onedoor.matters.models import Matter


class Sending(Logged):
    """One batch handed to the sender; its entry names every notice in it, so that delivery can be proved."""

    at = models.DateTimeField()
    sent = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"sending {self.pk}: {self.sent} sent"


class Notice(models.Model):
    """告知: what the reporter of one filing is told. It stands on her page from the start, whatever the channel.

    The text comes from the procedure and names nobody; where it is sent to is looked up when it is sent.
    """

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="notices")  # the one acted on
    number = models.CharField(max_length=40)  # the filing it is for: the matter's own, or one joined to it
    text = models.JSONField()  # {zh, en}
    created_at = models.DateTimeField()
    channel = models.CharField(max_length=8)  # page, sms; phone, letter, visit: told by staff
    state = models.CharField(max_length=8)  # waiting, sent, failed, shown
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)
    sending = models.ForeignKey(Sending, null=True, on_delete=models.PROTECT, related_name="notices")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["number", "created_at"], name="notice_filing"),
            models.Index(fields=["next_try_at"], name="notice_queue", condition=models.Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.channel} {self.state}"


class Reminder(models.Model):
    """提醒: what a unit should look at, shown on the first page of its staff's desk."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=12)  # remind, urge, leader, invited, not_reached
    role = models.CharField(max_length=30, blank=True)  # whom in the unit; empty: whoever works there
    clock = models.CharField(max_length=40, blank=True)  # the clock it is about, by name
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["unit", "created_at"], name="reminder_work", condition=models.Q(seen_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.unit_id} about {self.matter_id}"
