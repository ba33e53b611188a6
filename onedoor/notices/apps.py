"""The place of this package in Django."""

from __future__ import annotations

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Names the package and the label its tables carry."""

    name = "onedoor.notices"
    label = "notices"
    verbose_name = "Notices · 通知"
