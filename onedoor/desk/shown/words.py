"""Names of units, places, categories and states as bilingual values, from the city's memory: no query is made."""

from __future__ import annotations

from collections.abc import Mapping

from onedoor.city.queries import directory, roles, tree
from onedoor.kernel.spans import BadSpan, Span
from onedoor.matters import procedures
from onedoor.matters.models import Matter
from onedoor.matters.registry import PERFORMERS

Both = Mapping[str, str]

JOINED = {"zh": "已并入主事项", "en": "Joined to another matter"}
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


def unit(unit_id: int | None) -> Both:
    """The name of a unit; empty where it no longer stands."""
    held = directory().units.get(unit_id or 0)
    return {"zh": held.name, "en": held.name_en or held.name} if held else {}


def category(category_id: int) -> Both:
    """The title of a category; empty where it is no longer used."""
    held = directory().category_by_id.get(category_id)
    return held.title if held else {}


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


def state(matter: Matter) -> Both:
    """How a matter stands."""
    found = procedures.of(matter).states.get(matter.state)
    return found.title if found else JOINED


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


def span(text: str) -> Both:
    """A time limit in both languages; as it is written where it cannot be read."""
    try:
        found = Span.parse(text)
    except BadSpan:
        return {"zh": text, "en": text}
    return {"zh": found.text("zh"), "en": found.text("en")}


def halves(text: str) -> Both:
    """`中文 · English`, as packs write sources, apart; any other text is both."""
    zh, separator, en = text.partition(" · ")
    return {"zh": zh, "en": en if separator else zh}
