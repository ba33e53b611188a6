"""Records and their visits. Of persons there is nothing but sealed contacts; a visit keeps a unit and a post's role."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from onedoor.city.models import Account, Division, Unit
from onedoor.kernel.models import Logged, Version
from onedoor.kernel.sealing import SealedTextField
from onedoor.matters.models import Matter


class RegisterVersion(Version):
    """One frozen version of a register (台账); records keep the one they were last written under."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "version"], name="register_version_once"),
        ]


class Record(Logged):
    """记录: anything that stands. What this row shows is the fold of its entries."""

    stream_field: ClassVar[str] = "number"

    number = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=40)  # the key of its register
    version = models.ForeignKey(RegisterVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    title = models.CharField(max_length=200)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")  # the one that keeps it
    address = models.CharField(max_length=200, blank=True)
    lon = models.FloatField(null=True)  # WGS84
    lat = models.FloatField(null=True)
    values = models.JSONField(default=dict)  # by field; contacts are sealed apart
    state = models.CharField(max_length=12, default="standing")  # standing, withdrawn
    granted_on = models.DateField()  # from when the validity counts
    valid_until = models.DateField(null=True)  # the last day; null: for good
    next_visit_on = models.DateField(null=True)  # when the next visit is due
    entered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    key = models.CharField(max_length=100, null=True, unique=True)  # idempotency key of the entering
    key_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kind", "state", "entered_at"], name="record_kind"),
            models.Index(fields=["kind", "division"], name="record_place"),
            models.Index(fields=["kind", "valid_until"], name="record_valid"),
            models.Index(fields=["state", "next_visit_on"], name="record_visit"),
        ]

    def __str__(self) -> str:
        return self.number


class Contact(models.Model):
    """A personal contact on a record: sealed, read for a stated purpose, and read-logged."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="contacts", db_index=False)
    field = models.CharField(max_length=40)
    value = SealedTextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record", "field"], name="record_contact_once")
        ]

    def __str__(self) -> str:
        return f"{self.field} of {self.record_id}"


class RecordFile(models.Model):
    """A file in a field of a record: sniffed, limited, re-encoded where it is an image."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="files")
    field = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=200)  # below ONEDOOR_HOME/files
    added_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Visit(models.Model):
    """走访巡查: planned by cycle or made out of turn; done by a post of a unit.

    It was made where its record stands: a point of its own would, with the log, add up to the track of a worker.
    """

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="visits", db_index=False)
    planned_for = models.DateField(null=True)  # the last day on which it is in time; null: out of turn
    state = models.CharField(max_length=8, default="planned")  # planned, done, dropped
    done_at = models.DateTimeField(null=True)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=30, blank=True)  # of the post, not of a person
    answers = models.JSONField(default=dict)  # item → answer
    note = models.TextField(blank=True)
    key = models.CharField(max_length=100, null=True, unique=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["record"], condition=models.Q(state="planned"), name="one_visit_planned"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["record", "state"], name="visit_record"),
            models.Index(fields=["state", "planned_for"], name="visit_due"),
        ]

    def __str__(self) -> str:
        return f"visit {self.pk} of {self.record_id}"


class Finding(models.Model):
    """发现问题: an answer that opened a matter. It is open as long as that matter is."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="findings")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="findings")
    item = models.CharField(max_length=40)
    answer = models.CharField(max_length=40)
    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, related_name="finding")
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, blank=True)  # of the matter's end: solved, unresolved …

    def __str__(self) -> str:
        return f"{self.item} of {self.record_id}"


class ContactReading(models.Model):
    """One reading of a sealed contact: who, what for. Append-only."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="readings")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=200)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.account_id} read {self.contact_id}"
