"""The place of this package in Django."""

from __future__ import annotations

from django.apps import AppConfig


class CityConfig(AppConfig):
    """Names the package and the label its tables carry."""

    name = "onedoor.city"
    label = "city"
    verbose_name = "City · 城市"
