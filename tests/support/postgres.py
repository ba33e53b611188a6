"""A PostgreSQL cluster of the test run's own: a temporary folder, a free loopback port, no durability."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

NEEDED = ("initdb", "pg_ctl", "postgres")
FAST = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=60",
    "shared_buffers=128MB",
)


class Cluster:
    """One running server. `url` is what ONEDOOR_DATABASE_URL takes; `stop` ends it and removes its files."""

    def __init__(self, programs: Path) -> None:
        self.programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="onedoor-postgres-"))
        self.data = self.folder / "data"
        self.port = _free_port()
        self.password = secrets.token_hex(16)
        self.owner = _unprivileged()
        if self.owner:
            os.chown(self.folder, self.owner.pw_uid, self.owner.pw_gid)

    @property
    def url(self) -> str:
        """Where it listens; loopback only."""
        return f"postgres://onedoor:{self.password}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Makes the cluster and waits until it answers. Raises CalledProcessError with the server's words."""
        secret = self.folder / "password"
        secret.write_text(self.password)
        secret.chmod(0o644)  # the folder is shut to everybody but the server's account
        self._run("initdb", "-D", self.data, "-U", "onedoor", "-A", "scram-sha-256", "--pwfile", secret,
                  "-E", "UTF8", "--locale", "C", "--no-sync")  # fmt: skip
        options = " ".join(f"-c {setting}" for setting in FAST)
        options += f" -h 127.0.0.1 -p {self.port} -k {self.folder}"
        self._run(
            "pg_ctl", "-D", self.data, "-l", self.folder / "log", "-w", "-t", "60", "-o", options, "start"
        )

    def stop(self) -> None:
        """Ends the server at once; nothing in it is worth keeping."""
        try:
            self._run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str | Path) -> None:
        subprocess.run(
            [self.programs / program, *arguments],
            check=True,
            cwd=self.folder,
            user=self.owner.pw_uid if self.owner else None,
            group=self.owner.pw_gid if self.owner else None,
            extra_groups=[] if self.owner else None,
            stdout=subprocess.DEVNULL,
        )


def programs() -> Path | None:
    """The folder of the newest PostgreSQL server on this machine, or None where there is none."""
    debian = Path("/usr/lib/postgresql")
    candidates = sorted(debian.glob("*/bin"), key=lambda folder: _version(folder.parent.name), reverse=True)
    found = shutil.which("initdb")
    if found:
        candidates.append(Path(found).resolve().parent)
    complete = (folder for folder in candidates if all((folder / name).exists() for name in NEEDED))
    return next(complete, None)


def _version(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in name.split(".") if part.isdigit())


def _unprivileged() -> pwd.struct_passwd | None:
    """The server refuses to run as root; None where we are not root."""
    if os.getuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
