"""What staff do to matters: the same actions that pages run."""

from __future__ import annotations

from typing import Any

from ninja import Path, Router

from onedoor.api import queries, shaping
from onedoor.api.schemas.common import NUMBER, VISIBLE, Moved, answers
from onedoor.api.schemas.matters import (
    ActIn,
    CategoryIn,
    ContactOut,
    JoinIn,
    NoteIn,
    OpenableOut,
    OpenIn,
    PartyIn,
    PartyOut,
    PlaceIn,
    PurposeIn,
    ReasonIn,
    ResultIn,
)
from onedoor.api.security import STAFF
from onedoor.city.middleware import ActedRequest
from onedoor.intake import actions as intake
from onedoor.kernel.access import access
from onedoor.matters import actions as matters
from onedoor.matters.queries import openable

router = Router(tags=["Staff: act · 工作人员:办理"], auth=STAFF)
FAULTS = (400, 401, 403, 404, 409)
ID = Path(..., ge=1, le=2**62, description="Its id.", examples=[3])


@router.get("/opening", response=answers(list[OpenableOut], 401), summary="What my unit may open itself")
@access("staff")
def may_open(request: ActedRequest) -> Any:
    """Categories of which the caller may open a matter for one of her units, with no resident: a letter, say."""
    return [
        {"category": shaping.category_named(one.category.pk), "unit": shaping.unit_ref(one.unit_id)}
        for one in openable(request.actor)
    ]


@router.post("/opening", response=answers(Moved, 400, 401, 403), summary="Open a matter of my unit")
@access("staff")
def begin(request: ActedRequest, said: OpenIn) -> Any:
    """Opens a matter for the caller's unit; its procedure says what comes next."""
    unit = queries.unit_by_code(said.unit) if said.unit else None
    opened = matters.begin(
        request.actor, said.category, said.title, said.detail, unit_id=unit, key=said.key or None
    )
    return shaping.moved(opened)


@router.post("/matters/{number}/actions/{key}", response=answers(Moved, *FAULTS), summary="Take an action")
@access("staff")
def act(
    request: ActedRequest,
    said: ActIn,
    number: str = NUMBER,
    key: str = Path(
        ..., max_length=40, pattern=VISIBLE, description="Key of the action.", examples=["accept"]
    ),
) -> Any:
    """Takes an action of the matter's procedure with what its form asks for.

    409 `conflict` when the matter has moved on since `seen`, 409 `not_now` when a guard refuses, with its reason.
    """
    return shaping.moved(matters.act(request.actor, number, key, said.values, seen=said.seen))


@router.post("/matters/{number}/notes", response=answers(Moved, *FAULTS), summary="Add a note")
@access("staff")
def note(request: ActedRequest, said: NoteIn, number: str = NUMBER) -> Any:
    """Adds a note to the history. Notes can be read by everybody who may see the matter, and never be changed."""
    return shaping.moved(matters.note(request.actor, number, said.text))


@router.post(
    "/matters/{number}/join", response=answers(Moved, *FAULTS), summary="Join to a matter about the same"
)
@access("staff")
def join(request: ActedRequest, said: JoinIn, number: str = NUMBER) -> Any:
    """Joins this filing to a master; its reporter keeps number, notices and verdict."""
    return shaping.moved(matters.join(request.actor, number, said.master, said.reason))


@router.post(
    "/matters/{number}/separate", response=answers(Moved, *FAULTS), summary="Part it from its master"
)
@access("staff")
def separate(request: ActedRequest, said: ReasonIn, number: str = NUMBER) -> Any:
    """Lets a joined filing stand on its own again, from the beginning of its procedure."""
    return shaping.moved(matters.separate(request.actor, number, said.reason))


@router.post("/matters/{number}/place", response=answers(Moved, *FAULTS), summary="Say where it lies")
@access("staff")
def place(request: ActedRequest, said: PlaceIn, number: str = NUMBER) -> Any:
    """Says where a matter lies; it is routed anew from there."""
    return shaping.moved(
        intake.place(request.actor, number, queries.division_by_code(said.division), said.reason)
    )


@router.post("/matters/{number}/category", response=answers(Moved, *FAULTS), summary="Correct its category")
@access("staff")
def reclassify(request: ActedRequest, said: CategoryIn, number: str = NUMBER) -> Any:
    """Corrects the category before anybody has acted; it is routed anew. Its time still counts from the first day."""
    return shaping.moved(intake.reclassify(request.actor, number, said.category, said.reason))


@router.post("/matters/{number}/parties", response=answers(PartyOut, *FAULTS), summary="Name a party")
@access("staff")
def add_party(request: ActedRequest, said: PartyIn, number: str = NUMBER) -> Any:
    """Names somebody whom the matter concerns. Name and contact are sealed."""
    unit = queries.unit_by_code(said.unit) if said.unit else None
    data = matters.PartyData(said.role, said.name, said.contact, unit, confidential=said.confidential)
    return shaping.party(matters.add_party(request.actor, number, data))


@router.post("/parties/{party}/contact", response=answers(ContactOut, *FAULTS), summary="Read contact data")
@access("staff")
def read_contact(request: ActedRequest, said: PurposeIn, party: int = ID) -> Any:
    """Unseals a party's name and contact for a stated purpose. Who read it, when and what for is logged."""
    held = matters.read_contact(request.actor, party, said.purpose)
    return {"name": held.name, "contact": held.contact}


@router.post("/tasks/{task}/done", response=answers(Moved, *FAULTS), summary="Report a task done")
@access("staff")
def finish_task(request: ActedRequest, said: ResultIn, task: int = ID) -> Any:
    """The unit that owes the task reports what it did. The matter can be answered once all its tasks are."""
    return shaping.moved(matters.finish_task(request.actor, task, said.result).matter)


@router.post("/tasks/{task}/withdraw", response=answers(Moved, *FAULTS), summary="Take a task back")
@access("staff")
def withdraw_task(request: ActedRequest, said: ReasonIn, task: int = ID) -> Any:
    """The responsible unit or a coordinator takes a task back, with the reason."""
    return shaping.moved(matters.withdraw_task(request.actor, task, said.reason).matter)
