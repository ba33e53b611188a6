"""Names of units, places, categories and states as bilingual values, from the city's memory: no query is made."""

from __future__ import annotations

from onedoor.city.queries import roles, tree
from onedoor.kernel.spans import both as span
from onedoor.kernel.wording import halves
from onedoor.matters import procedures
from onedoor.matters.models import Matter
from onedoor.matters.registry import PERFORMERS
from onedoor.matters.titles import Both, category, state, unit

__all__ = [
    "CHANNELS", "ROLE_TITLES", "Both", "category", "clock", "halves", "level", "performer", "place", "role", "span",
    "state", "unit",
]  # fmt: skip

TASK_CLOCK = {"zh": "分办任务", "en": "Task"}
NO_PLACE = {"zh": "地点待核实", "en": "no place yet"}
ROLE_TITLES = {  # of parties
    "reporter": {"zh": "反映人", "en": "Reporter"},
    "respondent": {"zh": "被反映人", "en": "Complained of"},
    "representative": {"zh": "代理人", "en": "Representative"},
    "other": {"zh": "其他当事人", "en": "Other party"},
}
CHANNELS = {
    "web": {"zh": "网上", "en": "Online"},
    "counter": {"zh": "窗口来访", "en": "At the counter"},
    "hotline": {"zh": "来电", "en": "By telephone"},
    "grid": {"zh": "网格上报", "en": "Found on the round"},
    "api": {"zh": "其他系统", "en": "Another system"},
    "file": {"zh": "批量导入", "en": "From a file"},
}


def place(division_id: int, *, placed: bool = True) -> Both:
    """A place in a list: township · grid, or the county where no place is known yet."""
    places = tree()
    node = places.nodes.get(division_id)
    if node is None:
        return {}
    if not placed:
        return {lang: f"{text} · {node.name}" for lang, text in NO_PLACE.items()}
    township = places.ancestor(division_id, "township")
    names = [township.name] if township else []
    name = " · ".join(dict.fromkeys([*names, node.name]))
    return {"zh": name, "en": name}


def level(division_id: int) -> Both:
    """What kind of place a division is: its level in the tree; empty where it no longer stands."""
    node = tree().nodes.get(division_id)
    found = next((each for each in tree().profile.levels if node and each.key == node.level), None)
    return found.title.model_dump() if found else {}


def clock(matter: Matter, name: str, *, of_task: bool = False) -> Both:
    """The title of a clock by its name."""
    rule = procedures.of(matter).clocks.get(name)
    return TASK_CLOCK if of_task or rule is None else rule.title


def role(key: str) -> Both:
    """The title of a post's role."""
    return roles().get(key, {}).get("title", {"zh": key, "en": key})


def performer(key: str) -> Both:
    """Who a state waits for."""
    found = PERFORMERS.get(key)
    return {"zh": found.zh, "en": found.en} if found else {"zh": key, "en": key}
