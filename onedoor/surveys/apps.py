"""The place of this package in Django."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """Names the package; its gates register themselves on import."""

    name = "onedoor.surveys"
    verbose_name = "Surveys · 调查"

    def ready(self) -> None:
        """Loads what registers itself."""
        import_module(f"{self.name}.policies")
