"""/patterns: every component with sample data, its parameters, and the lines that make it.

Include it as `path("patterns/", include("onedoor.kernel.patterns"))`. It reads nothing of the city.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path

from onedoor.kernel import components, samples
from onedoor.kernel.access import access
from onedoor.kernel.templatetags.onedoor import icon_names

app_name = "patterns"
DEMOS = components.FOLDER.parent / "patterns"
LAND = {"grids": samples.grids, "outline": samples.outline, "points": samples.points}


def shown() -> list[dict[str, Any]]:
    """Every component: its contract, the template of its demo and that demo's source."""
    return [
        {
            "contract": components.contract(name),
            "demo": f"onedoor/patterns/{name}.html",
            "source": (DEMOS / f"{name}.html").read_text(encoding="utf-8").strip(),
        }
        for name in components.names()
    ]


@access("public")
def page(request: HttpRequest) -> HttpResponse:
    """All components, in the desk's frame, or with `?frame=portal` in the portal's."""
    frame = "portal" if request.GET.get("frame") == "portal" else "desk"
    context = samples.values() | {"components": shown(), "icon_names": sorted(icon_names()), "frame": frame}
    return render(request, f"onedoor/patterns_{frame}.html", context)


@access("public")
def land(request: HttpRequest, layer: str) -> JsonResponse:
    """The sample map: `grids`, `outline` or `points` as GeoJSON."""
    return JsonResponse(LAND[layer]())


@access("public")
def panel(request: HttpRequest) -> HttpResponse:
    """What a click on the sample map loads."""
    return render(request, "onedoor/patterns_panel.html", samples.values())


urlpatterns = [
    path("", page, name="page"),
    *(path(f"{layer}.json", land, {"layer": layer}, name=layer) for layer in LAND),
    path("panel/", panel, name="panel"),
]
