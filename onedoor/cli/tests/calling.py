"""Calling a command as a shell does."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from click.testing import CliRunner

from onedoor.cli import main


@dataclass(frozen=True)
class Said:
    """What a command printed, and how it ended."""

    status: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The JSON that it printed."""
        return json.loads(self.out)


def onedoor(*words: object, typed: str | None = None) -> Said:
    """Runs `onedoor …`; a traceback fails the test."""
    result = CliRunner().invoke(main, [str(word) for word in words], input=typed, prog_name="onedoor")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Said(result.exit_code, result.stdout, result.stderr)
