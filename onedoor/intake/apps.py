"""The place of this package in Django."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Names the package and registers what procedures may name."""

    name = "onedoor.intake"
    label = "intake"
    verbose_name = "Intake · 受理"

    def ready(self) -> None:
        """Effects, and what registers ask of the door, register themselves on import."""
        for room in ("effects", "findings"):
            import_module(f"{self.name}.{room}")
