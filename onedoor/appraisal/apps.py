"""The place of this package in Django."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class AppraisalConfig(AppConfig):
    """Names the package and the label its tables carry."""

    name = "onedoor.appraisal"
    label = "appraisal"
    verbose_name = "Appraisal · 考核"

    def ready(self) -> None:
        """Loads what registers itself."""
        import_module(f"{self.name}.audit")
