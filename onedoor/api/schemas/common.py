"""Shapes that many calls share."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Field, Path, Schema
from pydantic import ConfigDict, field_validator

from onedoor.kernel.paging import MOST, USUAL

VISIBLE = r"^[^\x00-\x1f]+$"  # no control characters: a database refuses some of them
NUMBER = Path(
    ..., max_length=40, pattern=VISIBLE, description="The matter's number.", examples=["4198012026000017"]
)
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]


class Asked(Schema):
    """What a caller asks for in an address."""

    model_config = ConfigDict(str_strip_whitespace=True)

    @field_validator("*", mode="before")
    @classmethod
    def _no_zero(cls, value: Any) -> Any:
        if isinstance(value, str) and "\0" in value:
            raise ValueError("it holds a zero character")
        return value


class Sent(Asked):
    """What a caller sends in a body: fields that are not described are refused."""

    model_config = ConfigDict(extra="forbid")


class Title(Schema):
    """A text in both languages."""

    zh: str = Field(description="In Chinese.", examples=["物业服务"])
    en: str = Field(description="In English.", examples=["Property management"])


class Named(Schema):
    """Something by its key, with its title."""

    key: str = Field(description="What calls name it by.", examples=["property.deposit"])
    title: Title = Field(description="What people read.")


class UnitRef(Schema):
    """A unit, briefly."""

    id: int = Field(description="What forms of actions name it by.", examples=[17])
    code: str = Field(description="Its code in the city.", examples=["419801-housing"])
    name: str = Field(description="Its name, in Chinese.", examples=["东河区住房和城乡建设局"])


class PlaceRef(Schema):
    """A division of the city, briefly."""

    code: str = Field(description="Its code.", examples=["419801001001001"])
    name: str = Field(
        description="Its full name below the city.", examples=["东河区 · 柳镇 · 前村 · 第一网格"]
    )
    level: str = Field(description="Its level in this city's tree.", examples=["grid"])


class FieldFault(Schema):
    """One field that cannot be taken."""

    field: str = Field(description="Which field.", examples=["detail"])
    zh: str = Field(
        description="What is wrong and what to write instead, in Chinese.", examples=["请写明发生了什么"]
    )
    en: str = Field(description="The same in English.", examples=["say what happened"])


class Fault(Schema):
    """Every refusal has this shape, whatever its status."""

    problem: str = Field(description="Which problem of the catalogue.", examples=["bad_input"])
    zh: str = Field(description="What is wrong and what to do, in Chinese.", examples=["有 1 处需要更正"])
    en: str = Field(description="The same in English.", examples=["1 field(s) to correct"])
    fields: list[FieldFault] | None = Field(
        None, description="Field by field, where fields are what is wrong."
    )


class Paging(Asked):
    """Where in a list to begin, and how much of it to give."""

    cursor: str = Field(
        "", description="`next` of the page before; empty for the first page.", max_length=300
    )
    limit: int = Field(USUAL, ge=1, le=MOST, description=f"Rows per page, at most {MOST}.")


class Point(Schema):
    """A point in degrees."""

    lon: float = Field(description="Longitude, WGS84.", examples=[114.005])
    lat: float = Field(description="Latitude, WGS84.", examples=[35.505])


class Moved(Schema):
    """A matter as a change left it."""

    number: str = Field(description="The matter's number.", examples=["4198012026000017"])
    state: Named = Field(description="Where it stands now.")
    open: bool = Field(description="Whether anything is still to be done.")
    level: int = Field(description="1 one unit, 2 several units, 3 a leader has taken charge.", examples=[1])
    unit: UnitRef = Field(description="The one responsible unit.")
    seen: int = Field(
        description="Entries in its history now; send it as `seen` with the next action.", examples=[5]
    )
    next_due: datetime | None = Field(None, description="The earliest running time limit.")


def answers(given: Any, *faults: int) -> dict[int, Any]:
    """The responses of a call: what it gives, and `Fault` with each status that it may refuse with."""
    return {200: given} | dict.fromkeys(faults, Fault)
