"""The place of this package in Django."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Names the package and registers what procedures may name."""

    name = "onedoor.documents"
    label = "documents"
    verbose_name = "Documents · 文书"

    def ready(self) -> None:
        """Effects, supplies, checks and verifiers register themselves on import; templates become known by name."""
        for room in ("effects", "supply", "checks", "audit"):
            import_module(f"{self.name}.{room}")
        names, catalogue = import_module("onedoor.matters.names"), import_module(f"{self.name}.catalogue")
        names.TEMPLATES.update(catalogue.known())
