"""What GeoReport publishes: matters about places, never about persons, and nothing that anybody wrote.

A category is of that kind when its procedure begins with a look on the spot: a grid worker answers first. What is
confidential is not published, and neither is a matter without a point.
"""

from __future__ import annotations

from django.db.models import QuerySet

from onedoor.city.models import Category
from onedoor.city.queries import directory
from onedoor.matters import procedures
from onedoor.matters.models import Matter

FIRST_LOOKS = "grid_worker"


def public_categories() -> dict[str, Category]:
    """The categories whose matters are published, by code."""
    on_the_spot = {
        key for key in {c.procedure for c in directory().categories.values()} if key and _looked_at(key)
    }
    return {
        code: category
        for code, category in sorted(directory().categories.items())
        if category.procedure in on_the_spot and not category.confidential
    }


def _looked_at(procedure: str) -> bool:
    found = procedures.compiled(procedures.current(procedure).pk)
    return found.states[found.opens.state].answers == FIRST_LOOKS


def published() -> QuerySet[Matter]:
    """The matters that anybody may read of, without their words."""
    ids = [category.pk for category in public_categories().values()]
    return Matter.objects.filter(
        confidential=False, category_id__in=ids, lat__isnull=False, lon__isnull=False
    )
