"""The place of this package in Django."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Names the package and says what its navigation is."""

    name = "onedoor.portal"
    label = "portal"
    verbose_name = "Portal · 群众端"

    def ready(self) -> None:
        """The navigation registers itself on import."""
        import_module(f"{self.name}.navigation")
