"""What residents, and whoever takes their word, call: file, follow, judge."""

from __future__ import annotations

from typing import Any

from ninja import File, Form, Header, Query, Router, UploadedFile

from onedoor.api import queries, shaping
from onedoor.api.schemas.common import NUMBER, answers
from onedoor.api.schemas.matters import MatterFull
from onedoor.api.schemas.residents import (
    AppealIn,
    AttachedOut,
    FilingIn,
    Progress,
    Receipt,
    SupplementIn,
    VerdictIn,
    WithdrawIn,
)
from onedoor.api.security import OPEN, code_of
from onedoor.city.middleware import ActedRequest
from onedoor.intake import actions as intake
from onedoor.intake.rules import Report
from onedoor.kernel import limits
from onedoor.kernel.access import access
from onedoor.kernel.actor import Actor
from onedoor.kernel.files import MOST_BYTES, readable
from onedoor.kernel.problems import BadInput, TooLarge
from onedoor.kernel.proof import prove
from onedoor.matters import actions as matters
from onedoor.matters import policies
from onedoor.notices import actions as notices

router = Router(tags=["Residents · 群众"], auth=OPEN)
FILE = File(..., description="A picture, PDF, OFD or Office document without macros, to 20 MB.")
FAULTS = (400, 404, 409, 429)


@router.post("/matters", response=answers(Receipt, 400, 401, 403, 409, 413, 429), summary="File a matter")
@access("public")
def file_matter(
    request: ActedRequest,
    filing: FilingIn,
    key: str = Header(
        "", alias="Idempotency-Key", max_length=64,
        description="Any text of your own; the same key gives the same matter, however often it is sent.",
    ),
) -> Any:  # fmt: skip
    """Locates, classifies and routes what a resident says, and opens a matter.

    Keep `number` and `code` together: they are the only way back to it. With a staff key the call files what the
    staff took in, by whatever channel.
    """
    actor = request.actor
    if actor.kind == "resident":
        limits.spend((limits.FILING_BY_VISITOR, limits.visitor(request)))
    received = intake.receive(actor, _report(actor, filing, key or filing.key))
    return _receipt(received, numbered=actor.kind == "staff")


def _report(actor: Actor, filing: FilingIn, key: str) -> Report:
    """The filing as the door takes it. Raises BadInput."""
    by_staff = actor.kind == "staff"
    if not by_staff and (filing.channel != "api" or filing.staff_only):
        raise BadInput.of("channel", "仅工作人员可填写", "only staff may say that; leave it out")
    lon, lat = queries.in_wgs84(filing.lon, filing.lat, filing.datum)
    given = filing.model_dump(exclude={"lon", "lat", "datum", "about_unit", "key"})
    return Report(
        **given, lon=lon, lat=lat, about_unit=queries.unit_named("about_unit", filing.about_unit),
        key=f"api/{actor.account_id or 0}/{key}" if key else None,
    )  # fmt: skip


def _receipt(received: intake.Received, *, numbered: bool) -> dict[str, Any]:
    matter = received.matter
    return {
        "number": matter.number,
        "code": received.code,
        "repeated": received.repeated,
        "category": shaping.category_named(matter.category_id),
        "unit": shaping.unit_ref(matter.unit_id),
        "place": shaping.place_ref(matter.division_id) if matter.placed else None,
        "answer_due": queries.answer_due(matter),
        "suggestions": [shaping.guess(found) for found in received.suggestions],
        "alike": [shaping.alike(found, numbered=numbered) for found in received.alike],
    }


@router.get(
    "/matters/{number}",
    response=answers(Progress | MatterFull, 401, 404, 429),
    summary="Follow or read a matter",
)
@access("matter.read")
def read_matter(
    request: ActedRequest,
    number: str = NUMBER,
    code: str = Query("", max_length=40, description="The query code; `X-Query-Code` keeps it out of logs."),
) -> Any:
    """With its query code: the matter as its resident may see it. Without one, for staff: everything they may see.

    To read her page is to be told: notices shown here count as delivered.
    """
    if code_of(request) is None:
        return shaping.full(policies.reach(request.actor, number))
    actor = prove(number, code_of(request) or "", limits.visitor(request))
    told = queries.progress(actor)
    notices.show(actor)
    return told


@router.post(
    "/matters/{number}/verdict", response=answers(Progress, *FAULTS), summary="Say whether it is solved"
)
@access("public")
def give_verdict(request: ActedRequest, said: VerdictIn, number: str = NUMBER) -> Any:
    """The resident's last word on the answer: it closes the matter, or opens it again a level higher.

    Where several reported the same, it closes on the last of them.
    """
    actor = prove(number, said.code, limits.visitor(request))
    values = said.model_dump(include={"satisfied", "reason"})
    matters.give_verdict(actor, said.solved, {name: value for name, value in values.items() if value})
    return queries.progress(actor)


@router.post("/matters/{number}/withdraw", response=answers(Progress, *FAULTS), summary="Take a filing back")
@access("public")
def withdraw(request: ActedRequest, said: WithdrawIn, number: str = NUMBER) -> Any:
    """Ends the matter because whoever reported it asks for that. One that was joined to another goes on there."""
    actor = prove(number, said.code, limits.visitor(request))
    matters.act(actor, actor.number or "", "withdraw", {"reason": said.reason} if said.reason else {})
    return queries.progress(actor)


@router.post("/matters/{number}/supplement", response=answers(Progress, *FAULTS), summary="Add to a filing")
@access("public")
def supplement(request: ActedRequest, said: SupplementIn, number: str = NUMBER) -> Any:
    """Adds what the unit asked for, and lets its time run on; where nothing was asked, it is noted in the history."""
    actor = prove(number, said.code, limits.visitor(request))
    filing = queries.filing_of(actor)
    asked = policies.reach(actor, (filing.master or filing).number)
    if "supplement" in queries.may(asked, filing):
        matters.act(actor, asked.number, "add", {"supplement": said.text})
    else:
        matters.note(actor, asked.number, said.text)
    return queries.progress(actor)


@router.post(
    "/matters/{number}/appeal", response=answers(Progress, *FAULTS), summary="Appeal to the level above"
)
@access("public")
def appeal(request: ActedRequest, said: AppealIn, number: str = NUMBER) -> Any:
    """Takes a closed matter to the unit above, within the time to appeal and as often as the procedure allows."""
    actor = prove(number, said.code, limits.visitor(request))
    filing = queries.filing_of(actor)
    matters.act(actor, (filing.master or filing).number, "appeal", {"reason": said.reason})
    return queries.progress(actor)


@router.post(
    "/matters/{number}/attachments", response=answers(AttachedOut, *FAULTS, 401, 413), summary="Add a file"
)
@access("public")
def attach(
    request: ActedRequest,
    number: str = NUMBER,
    file: UploadedFile = FILE,
    code: str = Form("", max_length=40, description="The query code, from a resident."),
) -> Any:
    """Keeps a file with the matter: told by its bytes, pictures encoded anew without the place they were taken at."""
    actor = prove(number, code, limits.visitor(request)) if code else request.actor
    if (file.size or 0) > MOST_BYTES:
        raise TooLarge(size=readable(file.size or 0), limit=readable(MOST_BYTES))
    return shaping.attachment(matters.attach(actor, number, file.name or "", file.read()))
