"""What a coordinator makes of a hot group: one joint handling, a campaign of several units, or one filing taken out.

Each goes by the rules of the matters themselves: joining is `matters.join`, a campaign is a matter of its own whose
procedure says who approves it. Only filings that she may see and act on take part.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from onedoor.city.queries import directory
from onedoor.city.tree import Node, tree
from onedoor.intake import hot
from onedoor.intake.events import CampaignProposed, HandledTogether, InCampaign
from onedoor.intake.models import HotGroup, HotMember
from onedoor.intake.route import route
from onedoor.kernel import log, time
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import BadInput, Conflict, NotAllowed, NotFound, Problem
from onedoor.kernel.texts import tidy
from onedoor.matters import actions as matters
from onedoor.matters import policies
from onedoor.matters.actions.opening import Filing, PartyData
from onedoor.matters.models import Involved, Matter
from onedoor.matters.queries import KIND_TITLES
from onedoor.notices import queries as notices
from onedoor.notices.telling import post

CAMPAIGN = "campaign.joint"
FEWEST = 2
TOGETHER = {
    "zh": "多位居民反映了同一问题，您反映的事项现为合并办理的主事项，编号、通知和评判不变。",
    "en": "Several residents reported the same; your matter is now handled for all of them. You keep your number, your "
    "notices and your verdict.",
}
KIND_TITLES.update(
    handled_together={"zh": "同一问题合并办理", "en": "Handled together with others of the same"},
    campaign_proposed={"zh": "由同一问题的多件反映发起", "en": "Springs from filings about the same"},
    in_campaign={"zh": "列入专项行动", "en": "Part of a campaign"},
)


@dataclass(frozen=True)
class Joined:
    """What came of a joint handling: the master, the filings joined to it, and why others were not."""

    master: Matter
    joined: tuple[str, ...]
    left: tuple[tuple[str, Problem], ...]


def group_of(actor: Actor, group_id: int) -> HotGroup:
    """A group of which the actor may see two filings at least, or one that has become a campaign. Raises NotFound."""
    group = HotGroup.objects.filter(pk=group_id).first()
    if group is None or members(actor, group).count() < FEWEST:
        raise NotFound(what=f"#{group_id}")
    return group


def members(actor: Actor, group: HotGroup) -> QuerySet[HotMember]:
    """Those of a group that the actor may see, the oldest filing first. A confidential one is never among them."""
    seen = policies.visible(actor).filter(confidential=False)
    rows = HotMember.objects.filter(group=group, matter__in=seen.values("pk"))
    return rows.select_related("matter").order_by("matter__opened_at", "matter_id")


def part(actor: Actor, group_id: int, number: str, reason: str = "") -> None:
    """This filing is not about the same as the others: it leaves the group, and is not put to it again.

    It is told apart from each of them, in their histories. Raises NotFound, NotAllowed, Conflict.
    """
    group = group_of(actor, group_id)
    held = [member.matter.number for member in members(actor, group)]
    if number not in held:
        raise NotFound(what=number)
    with transaction.atomic():
        for other in held:
            if other != number:
                matters.tell_apart(actor, number, other, reason)
        HotMember.objects.filter(group=group, matter__number=number).delete()
        hot.tidy_up([group.pk])


@transaction.atomic
def join_all(actor: Actor, group_id: int, master_number: str, reason: str = "") -> Joined:
    """One joint handling: every open filing of the group is joined to the master; every reporter is told.

    A filing that may not be joined (its master's unit is complained of in it, say) stays as it is, with the reason.
    Raises NotFound, NotAllowed, BadInput where none can be joined.
    """
    group = group_of(actor, group_id)
    rows = [member.matter for member in members(actor, group)]
    wanted = [matter.number for matter in rows if matter.is_open and matter.number != master_number]
    if master_number not in [matter.number for matter in rows if matter.is_open]:
        raise BadInput.of("master", "请选择一件在办的主事项", "choose an open matter as the master")
    joined, left = [], []
    for number in wanted:
        try:
            with transaction.atomic():
                matters.join(actor, number, master_number, reason)
            joined.append(number)
        except (Conflict, NotAllowed) as problem:
            left.append((number, problem))
    if not joined:
        raise BadInput.of("master", "没有可以并入的事项", "there is nothing that can be joined")
    master = policies.reach(actor, master_number, lock=True)
    own = [one for one in notices.filings(master) if one.number == master_number]
    told = post(master, own, TOGETHER, time.now())
    log.append(master, HandledTogether(numbers=joined, told=told, reason=tidy(reason)), actor)
    return Joined(master, tuple(joined), tuple(left))


@transaction.atomic
def propose(actor: Actor, group_id: int, reason: str) -> Matter:
    """Proposes a campaign over the group's filings: a matter of its own, which a leader approves or declines.

    Every unit that answers for one of them is involved, but none that is complained of in one. Raises NotFound,
    NotAllowed, BadInput without a reason, Conflict where there is a campaign already.
    """
    group = HotGroup.objects.select_for_update().get(pk=group_of(actor, group_id).pk)
    if not tidy(reason):
        raise BadInput.of("reason", "请写明为何发起专项行动", "say why there should be a campaign")
    if group.campaign is not None and group.campaign.is_open:
        raise Conflict(zh="已有一个专项行动", en="there is a campaign already")
    reached = [policies.reach(actor, member.matter.number) for member in members(actor, group)]
    if not all(policies.performs(matter, ["coordinator", "system"]) for matter in reached):
        raise NotAllowed(what="专项行动 / campaign")
    campaign = _opened(actor, group, reached, reason)
    numbers = [matter.number for matter in reached]
    units = _concerned(reached, campaign)
    Involved.objects.bulk_create(Involved(matter=campaign, unit_id=unit, part="invited") for unit in units)
    log.append(campaign, CampaignProposed(numbers=numbers, units=units), actor)
    for number in sorted(numbers):
        log.append(policies.reach(actor, number, lock=True), InCampaign(number=campaign.number), actor)
    group.campaign = campaign
    group.save(update_fields=["campaign"])
    return campaign


def _opened(actor: Actor, group: HotGroup, reached: Sequence[Matter], reason: str) -> Matter:
    category = directory().categories[CAMPAIGN]
    place = around(matter.division_id for matter in reached).id
    accused = frozenset(
        unit for matter in reached for unit in matter.parties.filter(role="respondent").exclude(unit=None)
        .values_list("unit_id", flat=True)
    )  # fmt: skip
    routed = route(directory(), category, place, placed=True, complained_of=accused)
    filing = Filing(
        category=category, unit_id=routed.unit.pk, division_id=place, title=group.headline[:120], detail=tidy(reason),
        channel="counter", parties=tuple(PartyData("respondent", unit_id=unit) for unit in sorted(accused)),
        why={"route": routed.why},
    )  # fmt: skip
    return matters.open_many(actor, [filing])[0]


def around(divisions: Iterable[int]) -> Node:
    """The county in which all of these lie, where a centre answers for it; the city where they lie in several."""
    paths = [tree().nodes[division].path for division in divisions]
    shared = [steps[0] for steps in zip(*paths, strict=False) if len(set(steps)) == 1]
    return tree().county(shared[-1])


def _concerned(reached: Sequence[Matter], campaign: Matter) -> list[int]:
    """The units that answer for the filings now, without those complained of in one of them."""
    accused = set(campaign.parties.filter(role="respondent").values_list("unit_id", flat=True))
    return sorted({matter.unit_id for matter in reached} - accused)
