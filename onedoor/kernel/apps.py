"""The kernel's place in Django; it also wakes the start-up checks of every package."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class KernelConfig(AppConfig):
    """Loads `checks.py` of every installed package once all of them stand."""

    name = "onedoor.kernel"
    label = "kernel"
    verbose_name = "Kernel · 内核"

    def ready(self) -> None:
        """Import every package's `checks` module, where it has one; importing registers its checks."""
        autodiscover_modules("checks")
