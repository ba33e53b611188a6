"""The place of this package in Django."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Names the package and the label its tables carry."""

    name = "onedoor.portal"
    label = "portal"
    verbose_name = "Portal · 群众端"
