"""The place of this package in Django."""

from __future__ import annotations

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Names the package and the label its tables carry."""

    name = "onedoor.intake"
    label = "intake"
    verbose_name = "Intake · 受理"
