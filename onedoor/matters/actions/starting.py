"""Matters that a unit opens itself, with no resident: a letter to another unit, say.

Which may be opened so is data: the procedure names the roles (`opens: by:`), the category the kinds of units.
"""

from __future__ import annotations

from django.db import transaction

from onedoor.city.queries import directory
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import BadInput, FieldError, NotAllowed
from onedoor.kernel.texts import one_line, tidy
from onedoor.matters.actions.opening import Filing, open_many
from onedoor.matters.models import Matter
from onedoor.matters.queries import openable

CHANNEL = "unit"  # how a matter came that no resident brought
LONGEST = {"title": 120, "detail": 8000}


@transaction.atomic
def begin(
    actor: Actor,
    code: str,
    title: str,
    detail: str = "",
    *,
    unit_id: int | None = None,
    key: str | None = None,
) -> Matter:
    """Opens a matter of category `code` for the actor's unit, in the place of that unit.

    `unit_id` says for which, where she may for several; the same `key` gives the same matter. Raises NotAllowed,
    BadInput naming every field.
    """
    mine = [one for one in openable(actor) if one.category.code == code]
    chosen = next((one for one in mine if unit_id in (None, one.unit_id)), None)
    if chosen is None:
        raise NotAllowed(what=code)
    texts = {"title": one_line(title), "detail": tidy(detail)}
    _check(texts)
    if key and (known := Matter.objects.filter(key=key, unit_id=chosen.unit_id).first()):
        return known
    filing = Filing(
        category=chosen.category, unit_id=chosen.unit_id, division_id=directory().units[chosen.unit_id].division_id,
        channel=CHANNEL, key=key or None, title=texts["title"], detail=texts["detail"],
    )  # fmt: skip
    return open_many(actor, [filing])[0]


def _check(texts: dict[str, str]) -> None:
    errors = [
        FieldError(name, f"最多 {LONGEST[name]} 字", f"at most {LONGEST[name]} characters")
        for name, text in texts.items()
        if len(text) > LONGEST[name]
    ]
    if not texts["title"]:
        errors.append(FieldError("title", "请写明标题", "give it a title"))
    if errors:
        raise BadInput(errors)
