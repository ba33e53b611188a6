"""The roster question: which village lacks its police officer, legal adviser or mediators, which grid its worker."""

from __future__ import annotations

from io import BytesIO

from django.http import HttpResponse
from django.shortcuts import render

from onedoor.board import gaps
from onedoor.board.gaps import Asked
from onedoor.board.views.files import XLSX, attachment
from onedoor.city.middleware import ActedRequest
from onedoor.city.queries import tree
from onedoor.kernel import tables
from onedoor.kernel.access import access


@access("board.lead")
def roster(request: ActedRequest) -> HttpResponse:
    """Counts by role, and the places that lack somebody, a hundred at once. Raises NotFound."""
    asked = Asked.read(request.GET)
    answer = asked.answer(every_role=True)
    places = gaps.by_place(answer, asked.role)
    begin = _begin(request.GET.get("after", ""), places)
    end = begin + gaps.AT_ONCE
    context = {
        "asked": asked,
        "day": answer.day,
        "place": (tree().by_code.get(asked.township or asked.county) or tree().root).name,
        "figures": gaps.figures(asked, answer),
        "controls": gaps.controls(asked),
        "total": len(places),
        "places": places[begin:end],
        "more_url": f"{asked.url()}&after={places[end - 1].code}" if end < len(places) else "",
        "download": asked.url("board:roster_xlsx"),
    }
    return render(request, "board/roster.html", context)


def _begin(after: str, places: list[gaps.Lacking]) -> int:
    """Where the list goes on behind a code; places are in the order of their codes."""
    return sum(place.code <= after for place in places) if after else 0


@access("board.lead")
def roster_xlsx(request: ActedRequest) -> HttpResponse:
    """Every gap in a line of a workbook. Raises NotFound."""
    answer = Asked.read(request.GET).answer()
    target = BytesIO()
    tables.write_xlsx(target, gaps.HEADERS, gaps.lines(answer), "缺岗 Roster gaps")
    return attachment(target.getvalue(), XLSX, f"roster-gaps-{answer.day}.xlsx")
