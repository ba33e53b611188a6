"""Publishing registers out of the packs. Published versions never change."""

from __future__ import annotations

from django.db import transaction

from onedoor.kernel import versions
from onedoor.kernel.actor import Actor
from onedoor.registers import kinds
from onedoor.registers.events import RegisterPublished
from onedoor.registers.models import RegisterVersion


@transaction.atomic
def publish(actor: Actor) -> list[RegisterVersion]:
    """Freezes a new version of every register whose text has changed; records keep theirs. Raises FaultyFile."""
    definitions = {key: register.model_dump_json(by_alias=True) for key, register in kinds.loaded().items()}
    fresh = versions.freeze(RegisterVersion, definitions, _published, actor)
    kinds.forget()
    return fresh


def _published(made: RegisterVersion) -> RegisterPublished:
    return RegisterPublished(register=made.key, version=made.version, digest=made.digest)
