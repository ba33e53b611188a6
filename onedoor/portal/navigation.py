"""The navigation of residents, what stands at the foot of their pages, and the city's name on every page."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from onedoor.city.tree import NoCity, tree
from onedoor.kernel.shell import NavItem, register_city, register_nav

register_nav(
    "portal",
    [
        NavItem("home", _("Home"), "portal:home", icon="home"),
        NavItem("file", _("Tell us"), "portal:file", icon="pen"),
        NavItem("follow", _("Follow"), "portal:follow", icon="search"),
        NavItem("grid", _("My grid"), "portal:grid", icon="pin"),
        NavItem("figures", _("Figures"), "board:figures", icon="chart"),
    ],
)
register_nav(
    "foot",
    [
        NavItem("map", _("Where matters lie"), "board:map"),
        NavItem("survey", _("Survey results"), "portal:survey_results"),
        NavItem("help", _("Questions and answers"), "portal:help"),
        NavItem("privacy", _("Your data"), "portal:privacy"),
        NavItem("desk", _("For staff"), "desk:home"),
    ],
)


def city_title() -> Mapping[str, str]:
    """The name of the city that is loaded; nothing where none is yet."""
    try:
        found = tree().profile.title
    except NoCity:
        return {}
    return {"zh": found.zh, "en": found.en}


register_city(city_title)
