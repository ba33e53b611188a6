"""A filing and the matter in which it is handled, as its resident may read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from onedoor.documents import queries as documents
from onedoor.documents.catalogue import Template
from onedoor.documents.models import Document
from onedoor.kernel.actor import Actor
from onedoor.kernel.models import Entry
from onedoor.matters import policies as matter_policies
from onedoor.matters import procedures
from onedoor.matters import queries as matters
from onedoor.matters.guards import unheard
from onedoor.matters.language import Procedure
from onedoor.matters.models import Attachment, Matter
from onedoor.matters.queries import Offer
from onedoor.matters.registry import GUARDS
from onedoor.matters.steps import Step
from onedoor.portal import policies, wording
from onedoor.portal.wording import Both

MOST_ENTRIES = 400


@dataclass
class Filing:
    """What a resident filed (`own`), and the matter that is handled (`asked`): the same, or what it was joined to."""

    actor: Actor
    own: Matter
    asked: Matter

    @property
    def joined(self) -> bool:
        """Whether it is handled together with another."""
        return self.own.pk != self.asked.pk

    @cached_property
    def shared(self) -> bool:
        """Whether others reported the same, so that not every resident's word in the history is hers."""
        return self.joined or self.own.joined.exists()

    @cached_property
    def procedure(self) -> Procedure:
        """The process that the matter follows."""
        return procedures.of(self.asked)

    @cached_property
    def entries(self) -> list[Entry]:
        """The entries of both, the newest first."""
        streams = {self.own.stream, self.asked.stream}
        rows = Entry.objects.filter(stream__in=streams)
        return list(rows.order_by("-at", "-pk")[:MOST_ENTRIES])

    @property
    def state(self) -> Both:
        """How it stands, in a resident's words."""
        return state_title(self.procedure, self.asked.state)


def state_title(procedure: Procedure, key: str) -> Both:
    """A state in a resident's words where the procedure has them, else in its own."""
    state = procedure.states.get(key)
    return (state.resident or state).model_dump(include={"zh", "en"}) if state else {}


def filing(actor: Actor) -> Filing:
    """What the resident who proved a number filed. Raises NotFound."""
    own = matter_policies.reach(actor, actor.number or "")
    if own.master_id is None:
        return Filing(actor, own, own)
    number = Matter.objects.values_list("number", flat=True).get(pk=own.master_id)
    return Filing(actor, own, matter_policies.reach(actor, number))


@dataclass(frozen=True)
class Turn:
    """What a resident may do now: speak the last word, do what is waited for, or something else."""

    verdict: bool
    waited_for: list[Offer]
    others: list[Offer]


def turn(found: Filing) -> Turn:
    """What the resident may do, without what a guard stands in the way of."""
    offers = [offer for offer in matters.offers(found.asked) if _open_to_her(found, offer)]
    verdict = any(offer.key in policies.VERDICTS for offer in offers)
    rest = [offer for offer in offers if offer.key not in policies.VERDICTS]
    hers = [offer for offer in rest if found.asked.answers == "resident" and "open" not in offer.action.from_]
    return Turn(
        verdict=verdict and found.own.number in unheard(found.asked),
        waited_for=hers,
        others=[offer for offer in rest if offer not in hers],
    )


def _open_to_her(found: Filing, offer: Offer) -> bool:
    if offer.key in policies.VERDICTS:
        return True
    if found.joined and policies.ends_it(found.procedure, offer.action):
        return False
    step = Step(found.actor, found.asked, found.procedure, offer.key, {})
    return not any(GUARDS[call.name](step, call.argument) for call in offer.action.guard)


def said(found: Filing) -> bool | None:
    """Whether she has said of the present answer that it is solved; None where she has not spoken."""
    rows = found.asked.verdicts.filter(round=found.asked.times_reopened, number=found.own.number)
    return rows.exclude(solved=None).order_by("-pk").values_list("solved", flat=True).first()


def dates(found: Filing) -> list[dict[str, Any]]:
    """The dates that concern her, as clocks with `whose`: the unit's or hers."""
    shown = []
    for clock in matters.open_clocks(found.asked):
        rule = found.procedure.clocks.get(clock.name)
        whose = policies.date_for(rule) if rule and clock.task_id is None else ""
        if rule and whose:
            shown.append({"whose": whose, "title": rule.title, "clock": wording.clock(clock)})
    return shown


def own_files(found: Filing) -> list[Attachment]:
    """The files that she sent, as long as they are kept."""
    return list(found.own.attachments.filter(from_reporter=True, erased_at=None).order_by("pk"))


def own_file(found: Filing, pk: int) -> Attachment | None:
    """One of them."""
    return found.own.attachments.filter(from_reporter=True, erased_at=None, pk=pk).first()


def papers(found: Filing) -> tuple[list[Document], list[Template]]:
    """The documents of her filing that she may open, and those that she may have made."""
    return documents.readable(found.actor, found.own), documents.offers(found.actor, found.own)


def titles(numbers: Sequence[str]) -> list[dict[str, Any]]:
    """Matters that were proved, for a list of them: number, title and how each stands. Two queries at most."""
    rows = Matter.objects.filter(number__in=numbers).select_related("master")
    found = {matter.number: matter for matter in rows}
    return [_title(found[number]) for number in numbers if number in found]


def _title(matter: Matter) -> dict[str, Any]:
    asked = matter.master or matter
    return {
        "number": matter.number,
        "title": matter.title,
        "state": state_title(procedures.of(asked), asked.state),
        "open": asked.is_open,
        "hers": asked.answers in ("resident", "caller"),
    }
