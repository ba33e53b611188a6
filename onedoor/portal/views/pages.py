"""Pages that say how it goes: the first one, the answers, what becomes of her data."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from onedoor.city.queries import directory, kinds_with, tree
from onedoor.city.tree import NoCity
from onedoor.kernel.access import access
from onedoor.portal import proofs
from onedoor.portal.queries import matters


@never_cache
@access("public")
def home(request: HttpRequest) -> HttpResponse:
    """The first page: tell us, follow, how it goes, what we never do; and the matters proved on this device."""
    return render(request, "portal/home.html", {"mine": matters.titles(proofs.numbers(request))})


@access("public")
def help_page(request: HttpRequest) -> HttpResponse:
    """Questions and answers."""
    return render(request, "portal/help.html", {"centres": centres()})


@access("public")
def privacy(request: HttpRequest) -> HttpResponse:
    """What becomes of a resident's data (个人信息保护法 art. 17): who, what for, which, how long, what she may ask."""
    return render(request, "portal/privacy.html", {"centres": centres(), "days": keeps_days()})


def centres() -> list[dict[str, str]]:
    """The units that keep the door, to be asked and to come to; none where no city is loaded yet."""
    try:
        kinds, units = kinds_with("door"), directory().units.values()
        found = [unit for unit in units if unit.kind in kinds]
    except NoCity:
        return []
    return [unit.title | {"phone": unit.phone} for unit in sorted(found, key=lambda unit: unit.code)]


def keeps_days() -> int:
    """How long after its end the personal data of a matter is kept."""
    try:
        return tree().profile.keeps_days
    except NoCity:
        return 1095
