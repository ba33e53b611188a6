"""The addresses that the tests of the frame use: no surface, only what every page needs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from onedoor.kernel.access import access
from onedoor.kernel.problems import NotFound


@access("public")
def lost(request: HttpRequest) -> HttpResponse:
    """A page whose matter is not there."""
    raise NotFound(what="611-20261109-0173")


@access("public")
def broken(request: HttpRequest) -> HttpResponse:
    """A page that breaks."""
    raise ZeroDivisionError


@access("public")
def frame(request: HttpRequest, name: str) -> HttpResponse:
    """A bare page in the desk's or the portal's frame."""
    page = engines["django"].from_string(
        f"{{% extends {name}_base %}}{{% block content %}}<p>inside</p>{{% endblock %}}"
    )
    return HttpResponse(page.render({}, request))


urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("patterns/", include("onedoor.kernel.patterns")),
    path("lost/", lost, name="lost"),
    path("broken/", broken, name="broken"),
    path("desk/", frame, {"name": "desk"}, name="desk"),
    path("desk/matters/", frame, {"name": "desk"}, name="matters"),
    path("", frame, {"name": "portal"}, name="portal"),
]
handler404 = "onedoor.kernel.edge.not_found"
handler500 = "onedoor.kernel.edge.broken"
