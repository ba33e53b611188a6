"""What staff read of matters, and send to move them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from ninja import Field, Schema

from onedoor.api.schemas.common import Day, Named, Paging, PlaceRef, Point, Sent, Title, UnitRef
from onedoor.api.schemas.residents import AttachedOut


class MatterLine(Schema):
    """A matter in a list."""

    number: str = Field(description="Its number.", examples=["4198012026000017"])
    title: str = Field(description="What it is about, in a few words.", examples=["井盖缺失"])
    category: Named = Field(description="Its category.")
    state: Named = Field(description="Where it stands.")
    answers: str = Field(description="Who must move it on: a performer of its procedure.", examples=["unit"])
    open: bool = Field(description="Whether anything is still to be done.")
    level: int = Field(description="1 one unit, 2 several units, 3 a leader has taken charge.", examples=[1])
    channel: str = Field(description="How it came.", examples=["web"])
    confidential: bool = Field(description="Whether who reported it is kept from the units.")
    unit: UnitRef = Field(description="The one responsible unit.")
    place: PlaceRef = Field(description="Where it lies, as deep as is known.")
    placed: bool = Field(description="False while a clerk must still find out where it lies.")
    joined: bool = Field(description="Whether it lives on in another matter about the same.")
    times_reopened: int = Field(description="How often a resident's word began it again.", examples=[0])
    opened_at: datetime = Field(description="When it came in.")
    next_due: datetime | None = Field(description="The earliest running time limit.")
    overdue: bool = Field(description="Whether that moment has passed.")


class MatterPage(Schema):
    """A page of matters."""

    rows: list[MatterLine] = Field(description="The matters.")
    next: str = Field(description="Cursor of the next page; empty on the last.")


class MatterFilter(Paging):
    """Which matters to list."""

    open: bool | None = Field(None, description="Only open ones, or only closed ones.")
    text: str = Field(
        "", max_length=60, description="A number from its beginning, or words of the title or address."
    )
    division: str = Field("", max_length=32, description="Code of a division: it and everything below it.")
    unit: str = Field("", max_length=40, description="Code of the responsible unit.")
    category: str = Field("", max_length=60, description="Code of a category, or of a family of categories.")
    channel: str = Field("", max_length=16, description="How they came.")
    state: str = Field("", max_length=40, description="Key of a state.")
    level: int | None = Field(None, ge=1, le=3, description="1, 2 or 3.")
    overdue: bool = Field(False, description="Only those with a running limit that has passed.")
    placed: bool | None = Field(None, description="`false`: the clerk's list of those without a place.")
    since: Day | None = Field(None, description="Opened on or after this day.")
    until: Day | None = Field(None, description="Opened on or before this day.")
    order: Literal["newest", "urgent"] = Field(
        "newest", description="The newest first, or the most urgent first."
    )


class Reason(Schema):
    """One line of the reasoning behind a due moment."""

    day: date = Field(description="Which day.")
    counted: bool = Field(description="Whether it counts.")
    zh: str = Field(description="Why, in Chinese.", examples=["起算日不计"])
    en: str = Field(description="Why, in English.", examples=["start day not counted"])


class ClockOut(Schema):
    """A time limit of the matter or of a task."""

    name: str = Field(description="Its name in the procedure.", examples=["act"])
    title: Title = Field(description="What people call it.")
    state: str = Field(description="running, paused, met or dropped.", examples=["running"])
    span: str = Field(description="How long.", examples=["5 working days"])
    source: str = Field(description="The rule it comes from.")
    unit: str = Field(description="The unit it binds; empty where it binds none.")
    task: int | None = Field(description="The task it belongs to, if any.")
    started_at: datetime = Field(description="When it began.")
    due_at: datetime = Field(description="When it is due.")
    ended_at: datetime | None = Field(description="When it ended.")
    provisional: bool = Field(description="It runs into a year whose holidays are not announced yet.")
    pauses: list[list[datetime | None]] = Field(description="From when to when it rested.")
    extensions: list[dict[str, Any]] = Field(description="By what it was extended, by whom and why.")
    why: list[Reason] = Field(description="Why it is due then, day by day; of clocks that still run.")


class TaskOut(Schema):
    """The share of a matter that one unit owes."""

    id: int = Field(description="Its id.", examples=[3])
    number: str = Field(description="The matter it belongs to.")
    title: str = Field(description="What is to be done.", examples=["核对装修押金收据"])
    unit: UnitRef = Field(description="Who owes it.")
    state: str = Field(description="open, done or withdrawn.", examples=["open"])
    result: str = Field(description="What was done.")
    due_at: datetime | None = Field(description="When it is due, while it is open.")
    done_at: datetime | None = Field(description="When it was done or withdrawn.")


class TaskPage(Schema):
    """A page of tasks."""

    rows: list[TaskOut] = Field(description="The tasks.")
    next: str = Field(description="Cursor of the next page; empty on the last.")


class PartyOut(Schema):
    """A party, masked: names and contacts are read with a purpose, and every reading is logged."""

    id: int = Field(description="What forms of actions name it by.", examples=[8])
    role: str = Field(description="reporter, respondent, representative or other.", examples=["reporter"])
    name: str = Field(
        description="Its first character; nothing of one who reports in confidence.", examples=["王**"]
    )
    has_contact: bool = Field(description="Whether a contact was left; see `read_contact`.")
    confidential: bool = Field(description="Whether the identity stays at the door.")
    unit: str = Field(description="The unit complained of, where it is one.")
    stances: dict[str, str] = Field(
        description="What it said on each topic.", examples=[{"mediation": "agree"}]
    )


class HistoryLine(Schema):
    """One line of the history."""

    seq: int = Field(description="Its place in the chain.", examples=[1])
    at: datetime = Field(description="When.")
    kind: str = Field(description="What kind of entry.", examples=["acted"])
    title: Title = Field(description="What happened.")
    unit: str = Field(description="Which unit did it.")
    by: str = Field(description="staff, resident or system.", examples=["staff"])
    said: list[list[str]] = Field(
        description="[what in Chinese, in English, the words] of everything filled in."
    )
    erased: bool = Field(description="Whether the words were erased on time.")


class MatterFull(MatterLine):
    """A matter with everything that belongs to it."""

    detail: str = Field(description="What was reported.")
    address: str = Field(description="Where, in words.")
    point: Point | None = Field(description="Where, as a point.")
    procedure: str = Field(
        description="Its procedure and the version it was opened under.", examples=["dispute v1"]
    )
    facts: dict[str, Any] = Field(description="What was established on the way.")
    seen: int = Field(description="Entries in its history; send it as `seen` with an action.", examples=[4])
    master: str = Field(description="Number of the matter it was joined to; empty if none.")
    timeline: list[HistoryLine] = Field(description="Its history, in order.")
    clocks: list[ClockOut] = Field(description="Its time limits, the most urgent first.")
    tasks: list[TaskOut] = Field(description="The shares of units.")
    parties: list[PartyOut] = Field(description="Who is concerned, masked.")
    attachments: list[AttachedOut] = Field(description="Its files.")


class OfferOut(Schema):
    """An action that the caller may take now."""

    key: str = Field(description="What it is called in the address.", examples=["accept"])
    title: Title = Field(description="What people read.")
    help: Title | None = Field(description="When to use it.")
    form: dict[str, Any] = Field(
        description="A JSON Schema of `values`; titles under `x-title`, in both languages."
    )


class Offers(Schema):
    """The actions that the caller may take now. A guard may still refuse one, and then says why."""

    number: str = Field(description="The matter's number.")
    seen: int = Field(
        description="Send it with the action: nothing is done if somebody was faster.", examples=[4]
    )
    actions: list[OfferOut] = Field(description="The actions, in the order of the procedure.")


class ActIn(Sent):
    """An action to take."""

    values: dict[str, Any] = Field(
        default_factory=dict, description="What the action's form asks for.", examples=[{}]
    )
    seen: int | None = Field(
        None, ge=0, le=2**31, description="`seen` as read before; leave out to act whatever happened."
    )


class OpenableOut(Schema):
    """What the caller may open for one of her units, with no resident."""

    category: Named = Field(description="The category.")
    unit: UnitRef = Field(description="For which unit.")


class OpenIn(Sent):
    """A matter that a unit opens itself."""

    category: str = Field(max_length=60, description="Code of the category.", examples=["campaign.joint"])
    title: str = Field(
        min_length=1,
        max_length=120,
        description="What it is about, in a few words.",
        examples=["预付卡经营者停业退费难"],
    )
    detail: str = Field("", max_length=8000, description="What it springs from.")
    unit: str = Field("", max_length=40, description="Code of the unit, where the caller may for several.")
    key: str = Field("", max_length=80, description="The same key gives the same matter.")


class NoteIn(Sent):
    """A note."""

    text: str = Field(
        min_length=1, max_length=4000, description="What to note.", examples=["已电话联系物业公司。"]
    )


class JoinIn(Sent):
    """Two filings about the same."""

    master: str = Field(max_length=40, description="Number of the matter that goes on for both.")
    reason: str = Field("", max_length=2000, description="Why they are the same.")


class ReasonIn(Sent):
    """A reason."""

    reason: str = Field(min_length=1, max_length=2000, description="Why.")


class PlaceIn(Sent):
    """Where a matter lies."""

    division: str = Field(
        max_length=32, description="Code of the division or grid.", examples=["419801001001001"]
    )
    reason: str = Field("", max_length=2000, description="How it was found out.")


class CategoryIn(Sent):
    """What a matter is about."""

    category: str = Field(max_length=60, description="Code of the category.", examples=["property.fees"])
    reason: str = Field("", max_length=2000, description="Why the first one was wrong.")


class ResultIn(Sent):
    """What was done."""

    result: str = Field(min_length=1, max_length=4000, description="What was done.")


class PartyIn(Sent):
    """A party to name."""

    role: Literal["reporter", "respondent", "representative", "other"] = Field(
        description="Its part in the matter."
    )
    name: str = Field("", max_length=60, description="Its name. Sealed.")
    contact: str = Field("", max_length=60, description="Its telephone number. Sealed.")
    unit: str = Field("", max_length=40, description="Code of the unit, where it is one.")
    confidential: bool = Field(False, description="Whether its identity stays at the door.")


class PurposeIn(Sent):
    """What contact data is read for."""

    purpose: str = Field(
        min_length=2, max_length=200, description="What for; it is logged.", examples=["电话回访"]
    )


class ContactOut(Schema):
    """A party's contact data, read for the purpose that was logged."""

    name: str = Field(description="Its name.")
    contact: str = Field(description="Its telephone number.")
