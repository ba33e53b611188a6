"""Publishing procedures and categories out of the packs. Published versions never change."""

from __future__ import annotations

from django.db import transaction

from onedoor.city.models import Category
from onedoor.kernel import log, packs, time
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
    fresh = []
    for key, item in procedures.loaded().items():
        definition = item.procedure.model_dump(mode="json", by_alias=True)
        digest = log.digest(definition)
        last = ProcedureVersion.objects.filter(key=key).order_by("-version").first()
        if last is None or last.digest != digest:
            version = last.version + 1 if last else 1
            fresh.append(ProcedureVersion(
                key=key, version=version, digest=digest, definition=definition, published_at=time.now()
            ))  # fmt: skip
    for made in fresh:
        made.save()
        log.append(
            made, ProcedurePublished(procedure=made.key, version=made.version, digest=made.digest), actor
        )
    procedures.forget()
    return fresh


@transaction.atomic
def load_categories(actor: Actor) -> int:
    """Takes the categories of all packs into the catalogue; one no longer named becomes inactive. Returns how many."""
    held = {category.code: category for category in Category.objects.all()}
    seen: dict[str, Category] = {}
    changed: list[Category] = []
    for folder in packs.folders():
        file = folder / "categories.yaml"
        if file.is_file():
            for data in packs.read(file).data["categories"]:
                _take(data, folder.name, None, held, seen, changed)
    for code in held.keys() - seen.keys():
        if held[code].active:
            held[code].active = False
            held[code].save()
            changed.append(held[code])
    log.append_many(
        [(c, CategoryTaken(code=c.code, pack=c.pack, active=c.active, limits=c.limits)) for c in changed],
        actor,
    )
    return len(seen)


def _take(
    data: dict, pack: str, parent: Category | None, held: dict[str, Category], seen: dict[str, Category],
    changed: list[Category],
) -> None:  # fmt: skip
    values = {"parent": parent, "pack": pack, "active": True} | {
        name: data.get(name, empty) for name, empty in CATEGORY_FIELDS.items()
    }
    category = held.get(data["code"]) or Category(code=data["code"])
    if category.pk is None or any(getattr(category, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(category, name, value)
        category.save()
        changed.append(category)
    seen[category.code] = category
    for child in data.get("children", []):
        _take(child, pack, category, held, seen, changed)
