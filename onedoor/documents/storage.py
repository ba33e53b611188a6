"""Where documents are kept: below ONEDOOR_HOME/files/documents, sealed, for they name people and telephones.

Each matter has its folder. A transaction that is rolled back leaves a file that the next try writes over, and that
goes with the folder when the matter's personal data is erased.
"""

from __future__ import annotations

import base64
import binascii
import re
import shutil

from onedoor.kernel import files
from onedoor.kernel.sealing import SealBroken, seal, unseal

FOLDER = "documents"


def keep(matter: str, name: str, content: bytes) -> str:
    """Writes the bytes, sealed, into the folder of the matter with that number; returns the path below `files`."""
    path = f"{_folder(matter)}/{name}.sealed"
    target = files.located(path)
    target.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    target.write_text(seal(base64.b64encode(content).decode("ascii")), "ascii")
    target.chmod(0o640)
    return path


def fetch(path: str) -> bytes | None:
    """The bytes as they were kept; None when the file is gone or is not what was written."""
    try:
        return base64.b64decode(unseal(files.located(path).read_text("ascii")), validate=True)
    except (OSError, SealBroken, UnicodeDecodeError, binascii.Error):
        return None


def drop_all(matter: str) -> None:
    """Deletes the folder of a matter; nothing happens if there is none."""
    shutil.rmtree(files.located(_folder(matter)), ignore_errors=True)


def _folder(matter: str) -> str:
    return f"{FOLDER}/{re.sub('[^0-9A-Za-z-]', '_', matter)}"
