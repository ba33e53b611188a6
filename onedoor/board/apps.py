"""The place of this package in Django."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from onedoor.board.policies import LEADING, OFFICE
from onedoor.kernel.shell import NavItem, register_nav


class BoardConfig(AppConfig):
    """Names the package and the label its tables carry."""

    name = "onedoor.board"
    label = "board"
    verbose_name = "Board · 看板"

    def ready(self) -> None:
        """Says what the navigation of the board is, in the rail of the desk."""
        register_nav(
            "board",
            [
                NavItem("map", _("Map of matters"), "board:work", icon="map", needs=("staff",), keys="g m"),
                NavItem("sheet", _("Weekly sheet"), "board:sheet", icon="table", needs=LEADING, keys="g s"),
                NavItem("scores", _("Scores"), "board:scores", icon="scale", needs=("staff",), keys="g o"),
                NavItem(
                    "warnings", _("Early warning"), "board:warnings", icon="bell", needs=LEADING, keys="g y"
                ),
                NavItem(
                    "integrity", _("Honest figures"), "board:integrity", icon="eye", needs=OFFICE, keys="g e"
                ),
                NavItem("roster", _("Roster gaps"), "board:roster", icon="people", needs=LEADING, keys="g r"),
                NavItem("procedures", _("Procedures"), "board:procedures", icon="split"),
                NavItem("figures", _("City in figures"), "board:figures", icon="chart"),
            ],
        )
