"""Publishing procedures and categories out of the packs. Published versions never change."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction

from onedoor.city.actions import recording
from onedoor.city.models import Category
from onedoor.kernel import log, packs, versions
from onedoor.kernel.actor import Actor
from onedoor.matters import procedures
from onedoor.matters.events import CategoryTaken, ProcedurePublished
from onedoor.matters.models import ProcedureVersion

CATEGORY_FIELDS = {
    "title": {}, "about": {}, "words": [], "procedure": "", "competent": [], "limits": {}, "confidential": False,
}  # fmt: skip


@transaction.atomic
def publish(actor: Actor) -> list[ProcedureVersion]:
    """Freezes a new version of every procedure whose text has changed; open matters keep theirs. Raises FaultyFile."""
    definitions = {
        key: item.procedure.model_dump_json(by_alias=True) for key, item in procedures.loaded().items()
    }
    fresh = versions.freeze(ProcedureVersion, definitions, _published, actor)
    procedures.forget()
    if fresh:
        recording.touch()
    return fresh


def _published(made: ProcedureVersion) -> ProcedurePublished:
    return ProcedurePublished(procedure=made.key, version=made.version, digest=made.digest)


@transaction.atomic
def load_categories(actor: Actor) -> int:
    """Takes the categories of all packs into the catalogue; one no longer named becomes inactive. Returns how many."""
    held = {category.code: category for category in Category.objects.all()}
    seen: dict[str, Category] = {}
    changed: list[Category] = []
    for folder in packs.folders():
        file = folder / "categories.yaml"
        if file.is_file():
            for data in _written(file, file.stat().st_mtime_ns):
                _take(data, folder.name, None, held, seen, changed)
    for code in held.keys() - seen.keys():
        if held[code].active:
            held[code].active = False
            changed.append(held[code])
    if changed:
        _keep(changed, actor)
    return len(seen)


@cache
def _written(file: Path, _: int) -> list[dict[str, Any]]:
    return packs.read(file).data["categories"]


def _take(
    data: dict[str, Any], pack: str, parent: Category | None, held: dict[str, Category],
    seen: dict[str, Category], changed: list[Category],
) -> None:  # fmt: skip
    """Notes what has changed, parents before their children."""
    values = {"parent": parent, "pack": pack, "active": True} | {
        name: data.get(name, empty) for name, empty in CATEGORY_FIELDS.items()
    }
    category = held.get(data["code"]) or Category(code=data["code"])
    if category.pk is None or any(getattr(category, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(category, name, value)
        changed.append(category)
    seen[category.code] = category
    for child in data.get("children", []):
        _take(child, pack, category, held, seen, changed)


def _keep(changed: list[Category], actor: Actor) -> None:
    """Saves the categories, parents first, with an entry each, and lets every process read the city anew."""
    known = [category for category in changed if category.pk]
    Category.objects.bulk_update(known, ["parent", "pack", "active", *CATEGORY_FIELDS], batch_size=100)
    fresh = [category for category in changed if not category.pk]
    while fresh:
        ready = [category for category in fresh if category.parent is None or category.parent.pk]
        for category in ready:
            category.parent = category.parent  # takes over the id that the parent was given
        Category.objects.bulk_create(ready)
        fresh = [category for category in fresh if not category.pk]
    log.append_many(
        [(c, CategoryTaken(code=c.code, pack=c.pack, active=c.active, limits=c.limits)) for c in changed],
        actor,
    )
    recording.touch()
