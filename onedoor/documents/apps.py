"""The place of this package in Django."""

from __future__ import annotations

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Names the package and the label its tables carry."""

    name = "onedoor.documents"
    label = "documents"
    verbose_name = "Documents · 文书"
