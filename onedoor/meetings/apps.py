"""The place of this package in Django."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """Names the package and registers what procedures may name."""

    name = "onedoor.meetings"
    label = "meetings"
    verbose_name = "Meetings · 会商"

    def ready(self) -> None:
        """Effects, guards and supplies register themselves on import."""
        import_module(f"{self.name}.effects")
