"""Reads of objections to scores: those of a snapshot, those that wait for somebody, and until when one may object."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from onedoor.appraisal.models import ScoreObjection, Snapshot
from onedoor.city.queries import calendar, tree
from onedoor.kernel.actor import Actor
from onedoor.kernel.calendars import due
from onedoor.kernel.spans import Span

MOST = 200


def newest(snapshot: Snapshot) -> Snapshot:
    """The last revision of the same scores."""
    rows = Snapshot.objects.filter(scheme=snapshot.scheme_id, group=snapshot.group, period=snapshot.period)
    return rows.select_related("scheme").order_by("-revision")[0]


def objections(snapshot: Snapshot) -> QuerySet[ScoreObjection]:
    """The objections to the scores of a group and period, whatever revision they were of."""
    rows = ScoreObjection.objects.filter(
        snapshot__scheme=snapshot.scheme_id, snapshot__group=snapshot.group, snapshot__period=snapshot.period
    )
    return rows.select_related("unit", "arbiter", "corrected").order_by("pk")


def waiting(actor: Actor) -> QuerySet[ScoreObjection]:
    """What waits for the actor's units to decide, the most urgent first."""
    rows = ScoreObjection.objects.filter(arbiter_id__in=actor.unit_ids, decided_at=None)
    return rows.select_related("snapshot__scheme", "unit", "arbiter").order_by("due_at", "pk")[:MOST]


def closes_at(snapshot: Snapshot) -> datetime:
    """Until when a unit may object to a snapshot."""
    return after(snapshot.frozen_at, tree().profile.score_object_within)


def after(start: datetime, span: str) -> datetime:
    """When a span of the city's calendar is over."""
    return due(start, Span.parse(span), calendar()).at
