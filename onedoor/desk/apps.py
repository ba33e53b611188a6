"""The place of this package in Django."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from onedoor.kernel import shell
from onedoor.kernel.shell import NavItem

NAVIGATION = (
    NavItem("work", _("My work"), "desk:home", icon="work", needs=("staff",), keys="g w"),
    NavItem("in", _("Take in"), "desk:take_in", icon="door", needs=("clerk", "coordinator", "grid_worker"), keys="n"),
    NavItem("matters", _("Matters"), "desk:search", icon="list", needs=("staff",), keys="g a"),
    NavItem("unplaced", _("No place yet"), "desk:unplaced", icon="pin", needs=("clerk", "coordinator"), keys="g p"),
    NavItem("unsure", _("To confirm"), "desk:unsure", icon="check", needs=("clerk", "coordinator"), keys="g v"),
    NavItem("calls", _("Call back"), "desk:calls", icon="phone", needs=("caller",), keys="g c"),
    NavItem("watch", _("Follow up"), "desk:watch", icon="alert", keys="g f",
            needs=("supervisor", "coordinator", "leader", "auditor")),
    NavItem("registers", _("Registers"), "desk:registers", icon="table", needs=("staff",), keys="g r"),
    NavItem("hot", _("Hot issues"), "desk:hot", icon="people", keys="g h",
            needs=("supervisor", "coordinator", "leader", "auditor")),
    NavItem("surveys", _("Surveys"), "desk:surveys", icon="scale", keys="g s",
            needs=("interviewer", "supervisor", "coordinator", "leader", "auditor")),
    NavItem("learning", _("Learning"), "desk:learning", icon="chart", keys="g l",
            needs=("clerk", "supervisor", "coordinator", "leader", "auditor")),
)  # fmt: skip
ACCOUNT = (
    NavItem("password", _("Change password"), "desk:password", icon="lock", needs=("staff",)),
    NavItem("leave", _("Sign out"), "desk:logout", icon="leave", needs=("staff",), post=True),
)
SEARCH = (NavItem("search", _("Number, words, address"), "desk:search", icon="search", needs=("staff",)),)


class DeskConfig(AppConfig):
    """Names the package and says what the desk's navigation is."""

    name = "onedoor.desk"
    label = "desk"
    verbose_name = "Desk · 工作台"

    def ready(self) -> None:
        """Tells the shell; gates register themselves on import."""
        import_module(f"{self.name}.policies")
        shell.register_nav("desk", NAVIGATION)
        shell.register_nav("account", ACCOUNT)
        shell.register_nav("search", SEARCH)
