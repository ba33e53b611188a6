"""The place of this package in Django."""

from __future__ import annotations

from django.apps import AppConfig


class BoardConfig(AppConfig):
    """Names the package and the label its tables carry."""

    name = "onedoor.board"
    label = "board"
    verbose_name = "Board · 公示"
