"""The place of this package in Django."""

from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Names the package and the label its tables carry."""

    name = "onedoor.desk"
    label = "desk"
    verbose_name = "Desk · 工作台"
