"""The city's own description, taken from a file."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from onedoor.city import policies
from onedoor.city.actions.recording import record, touch
from onedoor.city.events import ProfileLoaded
from onedoor.city.models import Division, Profile
from onedoor.city.rules import CityProfile
from onedoor.kernel import log
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import Conflict


@transaction.atomic
def load_profile(actor: Actor, profile: CityProfile) -> bool:
    """Takes the description of the city; True when it differs from the one on record.

    Raises Conflict when it names another city than the one on record, or no longer has a level in which divisions
    stand; NotAllowed.
    """
    policies.may_found(actor)
    data: dict[str, Any] = profile.model_dump(mode="json")
    held = Profile.objects.select_for_update().first()
    if held is not None and held.key != profile.key:
        raise Conflict(
            zh=f"库中已是 {held.key}，不能改为 {profile.key}；另一城市请另设 ONEDOOR_HOME",
            en=f"this database holds {held.key}, not {profile.key}; give another city its own ONEDOOR_HOME",
        )
    if held is not None and held.data == data:
        return False
    _levels_in_use(profile)
    held = held or Profile(key=profile.key, revision=0)
    held.data = data
    held.save()
    record([(held, ProfileLoaded(profile.key, log.digest(data)))], actor)
    touch()
    return True


def _levels_in_use(profile: CityProfile) -> None:
    keys = {level.key for level in profile.levels}
    used = set(Division.objects.filter(valid_to=None).values_list("level", flat=True).distinct())
    if used - keys:
        names = ", ".join(sorted(used - keys))
        raise Conflict(
            zh=f"仍有区划使用层级 {names}，不能删去",
            en=f"divisions stand in level {names}; it cannot be left out",
        )
