"""The place of this package in Django."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Names the package and the label its tables carry."""

    name = "onedoor.api"
    label = "api"
    verbose_name = "API · 接口"
