"""Importing this gives the process a temporary ONEDOOR_HOME with Django set up in it: import it first."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

import django

HOME = tempfile.mkdtemp(prefix="onedoor-bench-")
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
os.environ |= {"ONEDOOR_HOME": HOME, "DJANGO_SETTINGS_MODULE": "config.settings"}
django.setup()
