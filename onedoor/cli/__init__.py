"""The commands of OneDoor: `onedoor --help`.

Django is set up here, before the modules that need it are imported; whoever imports `onedoor.cli` may use models.
"""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from onedoor.cli.root import main  # noqa: E402

__all__ = ["main"]
