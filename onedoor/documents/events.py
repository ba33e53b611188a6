"""What the log says about documents. A document that an action renders stands in the entry of the action."""

from __future__ import annotations

from dataclasses import dataclass

from onedoor.kernel.events import Event


@dataclass(frozen=True)
class Rendered(Event):
    """A document was made from a template: which, its number and version, the hash of what was written.

    `document` is 0 for a paper that is handed out and not kept.
    """

    document: int = 0
    template: str = ""
    number: str = ""
    version: int = 0
    sha256: str = ""


@dataclass(frozen=True)
class DocumentRead(Event):
    """Somebody opened a document."""

    document: int = 0
    template: str = ""
