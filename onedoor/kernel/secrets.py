"""The one secret of an installation, and the keys that are derived from it.

A city keeps a single master secret: in `ONEDOOR_SECRET_KEY`, or else in the file `secret.key` of
`ONEDOOR_HOME`, made at first start and readable by its owner alone. Every other key (field encryption, query
codes, signatures) is derived from it by HKDF-SHA256 (RFC 5869) with its own purpose, so that no two uses
share a key and there is one thing to back up. Whoever loses the master loses the encrypted contact
data with it.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FILE_NAME = "secret.key"
KEY_BYTES = 32


def master_secret(home: Path, given: str | None = None) -> str:
    """The master secret: `given` if there is one, else the one kept in `home`, made now if it is not there.

    Two processes that start at once get the same secret: the file appears whole or not at all (a hard link to
    a finished file), and whoever comes second reads the first one's.
    """
    if given:
        return given
    path = home / FILE_NAME
    if not path.exists():
        _create(path)
    return path.read_text("ascii").strip()


def derive(master: str, purpose: str, length: int = KEY_BYTES) -> bytes:
    """A key of `length` bytes for one named purpose; the same master and purpose always give the same key."""
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=f"onedoor/{purpose}".encode()).derive(
        master.encode()
    )


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first; its secret stands
    finally:
        draft.unlink()
