"""The place of this package in Django."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Names the package and registers what procedures may name."""

    name = "onedoor.notices"
    label = "notices"
    verbose_name = "Notices · 告知"

    def ready(self) -> None:
        """Effects, guards and checks register themselves on import."""
        for room in ("effects", "checks"):
            import_module(f"{self.name}.{room}")
