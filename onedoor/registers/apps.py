"""The place of this package in Django."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    """Names the package and registers what ends with a matter."""

    name = "onedoor.registers"
    label = "registers"
    verbose_name = "Registers · 台账"

    def ready(self) -> None:
        """What answers to the engine registers itself on import."""
        for room in ("effects", "checks", "audit"):
            import_module(f"{self.name}.{room}")
