"""The append-only log: entries chained by hash per subject, anchored city-wide."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Entry(models.Model):
    """One appended line (履历) of a subject's history. Never updated, but for the erasure of `words`."""

    stream = models.CharField(max_length=48)
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    by_kind = models.CharField(max_length=10)
    by_account = models.BigIntegerField(null=True)
    by_unit = models.BigIntegerField(null=True)
    body = models.JSONField(default=dict)
    words = models.JSONField(null=True)  # what a person wrote, with its salt; null once erased or if none
    words_digest = models.CharField(max_length=64, blank=True)
    prev = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["stream", "seq"], name="entry_once")]
        indexes: ClassVar = [models.Index(fields=["kind", "at"], name="entry_kind_at")]

    def __str__(self) -> str:
        return f"{self.stream}#{self.seq} {self.kind}"


class Anchor(models.Model):
    """A city-wide seal over all entries up to one id, so that the loss of whole histories shows too."""

    at = models.DateTimeField()
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    count = models.BigIntegerField()
    prev = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"anchor {self.first_id}–{self.last_id}"


class Logged(models.Model):
    """A subject with a history: it carries the head of its own chain."""

    stream_field: ClassVar[str] = "pk"  # the unique field that names the chain

    head_seq = models.PositiveIntegerField(default=0)
    head_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        abstract = True

    @property
    def stream(self) -> str:
        """The name of this subject's chain."""
        return f"{self._meta.model_name}/{getattr(self, self.stream_field)}"


class Version(Logged):
    """One frozen version of something that a pack declares; what was made under it keeps it."""

    key = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    # JSON as written: a database's own JSON type would lose the order of its parts
    definition = models.TextField()
    published_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"


class Counter(models.Model):
    """The last number given out under one key (a county's year, a document series)."""

    key = models.CharField(max_length=64, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.key}: {self.last}"
