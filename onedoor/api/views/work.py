"""What staff have to do, and the matters they may see."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpResponse
from ninja import Path, Query, Router

from onedoor.api import queries, shaping
from onedoor.api.schemas.common import NUMBER, Paging, answers
from onedoor.api.schemas.hot import HotFilter, HotOut
from onedoor.api.schemas.matters import MatterFilter, MatterPage, Offers, TaskPage
from onedoor.api.security import STAFF
from onedoor.api.views.residents import router as open_to_residents
from onedoor.city.middleware import ActedRequest
from onedoor.intake.hottest import hottest
from onedoor.kernel.access import access
from onedoor.kernel.files import located
from onedoor.kernel.paging import Page, page
from onedoor.kernel.problems import NotFound
from onedoor.matters import policies
from onedoor.matters.models import Matter, Task
from onedoor.matters.queries import listed, offers, work

TAGS = ["Staff: read · 工作人员:查看"]
router = Router(tags=TAGS, auth=STAFF)


@router.get("/work", response=answers(MatterPage, 400, 401), summary="My work")
@access("staff")
def my_work(request: ActedRequest, paging: Query[Paging]) -> Any:
    """The open matters whose next step is the caller's, the most urgent first."""
    return _matters(
        page(work(request.actor).order_by(), "next_due", cursor=paging.cursor, limit=paging.limit)
    )


@router.get("/work/tasks", response=answers(TaskPage, 400, 401), summary="My units' tasks")
@access("staff")
def my_tasks(request: ActedRequest, paging: Query[Paging]) -> Any:
    """The open tasks that the caller's units owe, the oldest first."""
    owed = Task.objects.filter(unit_id__in=request.actor.unit_ids, state="open")
    held = page(
        owed.select_related("matter").prefetch_related("clocks"),
        "created_at",
        cursor=paging.cursor,
        limit=paging.limit,
    )
    return {"rows": shaping.tasks(held.rows), "next": held.next}


@router.get("/hot", response=answers(list[HotOut], 400, 401), summary="Hot issues")
@access("staff")
def hot_issues(request: ActedRequest, wanted: Query[HotFilter]) -> Any:
    """Groups of filings that seem to speak of one thing, the hottest first; counts of what the caller may see only."""
    return [shaping.hot(warm) for warm in hottest(request.actor, wanted.most)]


# On the residents' router, because one address has one router and residents file at this one.
@open_to_residents.get(
    "/matters", response=answers(MatterPage, 400, 401, 404), summary="Find matters", auth=STAFF, tags=TAGS
)
@access("staff")
def find_matters(request: ActedRequest, wanted: Query[MatterFilter]) -> Any:
    """The matters that the caller may see, narrowed; the newest or the most urgent first."""
    order = "next_due" if wanted.order == "urgent" else "-opened_at"
    return _matters(
        page(queries.found(request.actor, wanted), order, cursor=wanted.cursor, limit=wanted.limit)
    )


@router.get("/matters/{number}/actions", response=answers(Offers, 401, 404), summary="What I may do")
@access("staff")
def available_actions(request: ActedRequest, number: str = NUMBER) -> Any:
    """The actions open to the caller as the matter stands, each with a JSON Schema of what its form asks for."""
    matter = policies.reach(request.actor, number)
    return {
        "number": matter.number,
        "seen": matter.head_seq,
        "actions": [shaping.offer(found) for found in offers(matter)],
    }


@router.get(
    "/matters/{number}/joined", response=answers(MatterPage, 400, 401, 404), summary="Filings joined to it"
)
@access("staff")
def joined_filings(request: ActedRequest, paging: Query[Paging], number: str = NUMBER) -> Any:
    """The filings about the same that live on in this matter; each reporter keeps her number and her verdict."""
    matter = policies.reach(request.actor, number)
    rows = listed(policies.visible(request.actor).filter(master=matter))
    return _matters(page(rows, "opened_at", cursor=paging.cursor, limit=paging.limit))


@router.get("/matters/{number}/attachments/{attachment}", summary="Download a file", response={200: bytes})
@access("staff")
def download(
    request: ActedRequest,
    number: str = NUMBER,
    attachment: int = Path(..., description="The file's id.", examples=[5]),
) -> HttpResponse | FileResponse:
    """The file as it was kept, always as a download."""
    matter = policies.reach(request.actor, number)
    held = matter.attachments.filter(pk=attachment, erased_at=None).first()
    if held is None:
        raise NotFound(what=f"#{attachment}")
    return FileResponse(
        located(held.path).open("rb"), as_attachment=True, filename=held.name, content_type=held.media_type
    )  # fmt: skip


def _matters(held: Page[Matter]) -> dict[str, Any]:
    return {"rows": [shaping.line(matter) for matter in held.rows], "next": held.next}
