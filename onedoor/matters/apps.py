"""The place of this package in Django."""

from __future__ import annotations

from django.apps import AppConfig


class MattersConfig(AppConfig):
    """Names the package and the label its tables carry."""

    name = "onedoor.matters"
    label = "matters"
    verbose_name = "Matters · 事项"
