"""The place of this package in Django."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class MattersConfig(AppConfig):
    """Names the package and registers what procedures may name."""

    name = "onedoor.matters"
    label = "matters"
    verbose_name = "Matters · 事项"

    def ready(self) -> None:
        """Guards, effects, checks and verifiers register themselves on import."""
        for room in ("policies", "guards", "effects", "checks", "audit"):
            import_module(f"{self.name}.{room}")
