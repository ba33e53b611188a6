"""A home of its own for every test process. Loaded by `-p` in pyproject.toml, before Django is.

The first process makes one temporary ONEDOOR_HOME; each xdist worker gets a folder in it. What the
developer's own shell says about her city does not reach the tests.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

WORKER = os.environ.get("PYTEST_XDIST_WORKER")
FROM_OUTSIDE = (
    "ONEDOOR_DATABASE_URL",
    "ONEDOOR_DEBUG",
    "ONEDOOR_HTTPS",
    "ONEDOOR_HOSTS",
    "ONEDOOR_LOG_LEVEL",
    "ONEDOOR_NOTICE_SENDER",
    "ONEDOOR_PACKS",
)
HOME = Path(os.environ["ONEDOOR_HOME"]) / WORKER if WORKER else Path(tempfile.mkdtemp(prefix="onedoor-test-"))

if not WORKER:
    for name in FROM_OUTSIDE:
        os.environ.pop(name, None)
os.environ["ONEDOOR_HOME"] = str(HOME)
os.environ.setdefault(
    "OMP_NUM_THREADS", "1"
)  # every worker has a core of its own; more threads only wait in turn
os.environ["ONEDOOR_SECRET_KEY"] = "known to every test"
