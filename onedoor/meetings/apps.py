"""The place of this package in Django."""

from __future__ import annotations

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """Names the package and the label its tables carry."""

    name = "onedoor.meetings"
    label = "meetings"
    verbose_name = "Meetings · 会商"
