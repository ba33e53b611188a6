"""Published schemes, what offices found about evidence, scores frozen at the cut-off, objections to them.

Of units and places only.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from onedoor.city.models import Unit
from onedoor.kernel.models import Logged, Version


class SchemeVersion(Version):
    """One frozen version of a scheme (考核方案); what was judged and frozen under it keeps it."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "version"], name="scheme_version_once")
        ]


class Judgement(Logged):
    """评定: what a named office found about the evidence of one unit for one sub-item and period."""

    scheme = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="judgements")
    period = models.CharField(max_length=10)  # 2026-W46, 2026-11, 2026-Q4, 2026
    code = models.CharField(max_length=12)  # of the sub-item, C01.2
    subject = models.CharField(max_length=40)  # the code of a division, or of a department's unit
    office = models.CharField(max_length=40)  # its key in the scheme
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")  # null: by command
    value = models.CharField(
        max_length=40
    )  # an exact number: a level 0 … 3, a count, or a share such as 49/50

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scheme", "period", "code", "subject"], name="judgement_once")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.subject} {self.period}"


class Snapshot(Logged):
    """得分快照: the scores of a group for a period, frozen with the figures they were reckoned from."""

    scheme = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="snapshots")
    group = models.CharField(max_length=40)
    period = models.CharField(max_length=10)
    body = models.TextField()  # canonical JSON; its digest stands in the log
    digest = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()
    revision = models.PositiveSmallIntegerField(default=1)  # 1 as frozen; more for every correction
    corrects = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="corrected_by")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scheme", "group", "period", "revision"], name="snapshot_once")
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.period}"


class ScoreObjection(Logged):
    """异议: a unit's objection to one sub-item of its score, decided by an office without an interest."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="objections")
    code = models.CharField(max_length=12)  # of the sub-item
    subject = models.CharField(max_length=40)  # whose score it is
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")  # that objects
    arbiter = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    upheld = models.BooleanField(null=True)
    grounds = models.TextField(blank=True)
    corrected = models.ForeignKey(Snapshot, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["snapshot", "code", "subject"],
                condition=models.Q(decided_at=None),
                name="objected_once",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["arbiter", "decided_at"], name="objection_waits")]

    def __str__(self) -> str:
        return f"{self.code} {self.subject}"
