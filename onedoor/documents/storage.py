"""Where documents are kept: below ONEDOOR_HOME/files/documents, sealed, for they name people and telephones."""

from __future__ import annotations

import base64
import binascii
import uuid
from collections.abc import Iterator

from onedoor.kernel import files
from onedoor.kernel.sealing import SealBroken, seal, unseal

FOLDER = "documents"


def keep(content: bytes) -> str:
    """Writes the bytes, sealed, under a name that cannot be guessed; returns the path below the files' folder."""
    name = uuid.uuid4().hex
    path = f"{FOLDER}/{name[:2]}/{name}.sealed"
    target = files.located(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("x", encoding="ascii") as file:
        file.write(seal(base64.b64encode(content).decode("ascii")))
    target.chmod(0o640)
    return path


def fetch(path: str) -> bytes | None:
    """The bytes as they were kept; None when the file is gone or is not what was written."""
    try:
        return base64.b64decode(unseal(files.located(path).read_text("ascii")), validate=True)
    except (OSError, SealBroken, UnicodeDecodeError, binascii.Error):
        return None


def drop(path: str) -> None:
    """Deletes a document's file; nothing happens if it is gone already."""
    files.remove(path)


def paths() -> Iterator[str]:
    """Every file that lies there."""
    root = files.located(FOLDER)
    for file in sorted(root.glob("*/*.sealed")):
        yield f"{FOLDER}/{file.relative_to(root).as_posix()}"
