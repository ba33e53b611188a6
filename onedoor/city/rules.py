"""What a city says about itself, and how its codes are composed. Pure.

Code rules: FACTS differ on how sure the standards are (statistical codes 6+3+3 are certain; grid codes vary between
CJ/T 349-2010, GB/T 31000-2015 and local standards), so the rule is a pattern per level in the city's own profile.
"""

from __future__ import annotations

import re
from datetime import date, time
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Role = Literal["city", "county", "township", "village", "grid"]


class Title(BaseModel):
    """A text in both languages."""

    model_config = ConfigDict(frozen=True)
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Level(BaseModel):
    """One level of the tree. A city may have fewer than five; each says which part it plays."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    key: str
    title: Title
    code: str  # a regular expression that codes of this level match in full
    plays: tuple[Role, ...]  # e.g. a city without townships: its district plays county and township

    def fits(self, code: str) -> bool:
        """True when a code follows this level's rule."""
        return re.fullmatch(self.code, code) is not None


class KindRule(BaseModel):
    """A kind that a division's code alone tells, such as units that exist for statistics only."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    code: str  # a regular expression that such codes match in full
    kind: str
    source: str = ""


class Calendar(BaseModel):
    """Working hours and the city's own days."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    hours: tuple[tuple[time, time], ...] = ((time(8, 30), time(12)), (time(14, 30), time(18)))
    days_off: tuple[date, ...] = ()
    days_on: tuple[date, ...] = ()
    years: tuple[int, ...] = ()  # years whose days the city vouches for, though no library knows them yet


class Triage(BaseModel):
    """How far the city trusts what the door makes of a text, and how eagerly the door learns."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    accept: float = Field(default=0.85, ge=0.5, le=1)  # share from which a category stands without a clerk
    learn_after: int = Field(
        default=50, ge=1
    )  # corrections after which it learns again before the day is over


class CityProfile(BaseModel):
    """What differs between cities, as data."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    key: str
    title: Title
    levels: tuple[Level, ...] = Field(min_length=1)
    kinds: tuple[KindRule, ...] = ()
    grid_code: str = "{parent}{n:03d}"  # how generated grids are numbered below their parent
    number: str = "{county}{year}{seq:06d}"  # how matters are numbered: county code, year, running number
    calendar: Calendar = Calendar()
    silence: str = "10 working days"  # how long a notified resident may stay silent before the matter closes
    score_object_within: str = (
        "5 working days"  # how long a unit may object to a frozen score; the city's own rule
    )
    score_decide_within: str = "10 working days"  # how long its arbiter has; the city's own rule
    publishes: tuple[str, ...] = ()  # roles whose holders' names the city publishes for each grid or village
    keeps_days: int = Field(
        1095, ge=30
    )  # how long after the end personal data is kept (个人信息保护法 art. 19)
    match_days: int = Field(30, ge=1, le=365)  # how far back a similar matter is looked for
    match_metres: int = Field(250, ge=10, le=5000)  # fixmystreet suggests duplicates within 250 m

    triage: Triage = Triage()

    def level(self, role: Role) -> Level | None:
        """The level that plays `role`; None where the city has none."""
        return next((level for level in self.levels if role in level.plays), None)

    def level_of_code(self, code: str) -> Level | None:
        """The deepest level whose pattern the code matches."""
        return next((level for level in reversed(self.levels) if level.fits(code)), None)

    def kind_of_code(self, code: str) -> str:
        """The kind that a code alone tells; nothing where it tells none."""
        return next((rule.kind for rule in self.kinds if re.fullmatch(rule.code, code)), "")


def stands_on(valid_from: date, valid_to: date | None, day: date) -> bool:
    """True when something valid from one day until before another stands on `day`."""
    return valid_from <= day and (valid_to is None or day < valid_to)
