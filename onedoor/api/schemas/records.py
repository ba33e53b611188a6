"""What staff systems read of registers and records, and send of visits."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from ninja import Field, Schema

from onedoor.api.schemas.common import Paging, PlaceRef, Point, Sent, Title, UnitRef

State = Literal["", "valid", "expiring", "expired", "withdrawn", "visit_due", "visit_late", "findings"]


class ItemOut(Schema):
    """An item of a checklist."""

    key: str = Field(description="What an answer names it by.", examples=["exits"])
    title: Title = Field(description="What is looked at.")
    answers: dict[str, Title] = Field(description="The answers there are, by their keys.")
    finding: list[str] = Field(description="Which of them are a finding, which opens a matter.")


class RegisterOut(Schema):
    """A register: one kind of record."""

    key: str = Field(description="What calls name it by.", examples=["inspected_place"])
    title: Title = Field(description="What people call it.")
    says: Title = Field(description="What it is for.")
    about: str = Field(description="places, things, animals or units; never persons.", examples=["places"])
    records: int = Field(description="Standing records that the caller sees.", examples=[12])
    to_visit: int = Field(description="How many of them the caller's posts are to visit soon.", examples=[3])
    checklist: list[ItemOut] = Field(description="What a visit looks at; empty where nobody visits.")


class RecordFilter(Paging):
    """Which records to list."""

    text: str = Field(
        "", max_length=60, description="A number from its beginning, or words of title or address."
    )
    state: State = Field("", description="How they stand; `findings`: those with something not yet mended.")
    division: str = Field("", max_length=32, description="Code of a division: it and everything below it.")


class RecordLine(Schema):
    """A record in a list."""

    number: str = Field(description="Its number.", examples=["P419801202600001"])
    title: str = Field(description="What it is called.", examples=["东街面粉厂"])
    kind: str = Field(description="Key of its register.", examples=["inspected_place"])
    state: str = Field(description="valid, expiring, expired or withdrawn.", examples=["valid"])
    unit: UnitRef = Field(description="The unit that keeps it.")
    place: PlaceRef = Field(description="Where it stands.")
    address: str = Field(description="Its address, as it was written.")
    point: Point | None = Field(description="Where it stands, to the point, if that is known.")
    valid_until: date | None = Field(description="Its last day; none: for good.")
    next_visit_on: date | None = Field(description="The last day on which its next visit is in time.")


class RecordPage(Schema):
    """A page of records."""

    rows: list[RecordLine] = Field(description="The records.")
    next: str = Field(description="Cursor of the next page; empty on the last.")


class FieldOut(Schema):
    """One field of a record that the caller sees."""

    key: str = Field(description="Its name in the register.", examples=["use"])
    title: Title = Field(description="What people call it.")
    value: Any = Field(description="As it is kept.")
    said: Title = Field(description="As people read it.")


class VisitOut(Schema):
    """A visit that was made."""

    id: int = Field(description="Its id.", examples=[4])
    planned_for: date | None = Field(description="The last day on which it was in time; none: out of turn.")
    done_at: datetime = Field(description="When it was made.")
    unit: UnitRef | None = Field(description="Whose post made it; no person is named.")
    answers: dict[str, str] = Field(description="Item by item.")
    note: str = Field(description="What was written besides.")
    opened: dict[str, str] = Field(description="Item → number of the matter that its finding opened.")


class RecordFull(RecordLine):
    """Everything about a record that the caller sees."""

    fields: list[FieldOut] = Field(
        description="What stands on it; fields hidden from the caller are left out."
    )
    visits: list[VisitOut] = Field(description="Its latest visits, at most 20, the newest first.")
    open_findings: int = Field(description="Findings that are not mended yet.", examples=[0])


class VisitIn(Sent):
    """What was seen on a visit."""

    answers: dict[str, str] = Field(description="Every item of the checklist with its answer.")
    note: str = Field("", max_length=2000, description="What else there is to say.")
