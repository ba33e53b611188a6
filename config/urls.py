"""Where each surface stands."""

from __future__ import annotations

from django.urls import include, path

from onedoor.desk.views.session import choose_language

urlpatterns = [
    path("i18n/setlang/", choose_language, name="set_language"),
    path("desk/", include("onedoor.desk.urls")),
    path("board/", include("onedoor.board.urls")),
    path("api/", include("onedoor.api.urls")),
    path("patterns/", include("onedoor.kernel.patterns")),
    path("", include("onedoor.portal.urls")),
]

handler400 = "onedoor.kernel.edge.bad_request"
handler403 = "onedoor.kernel.edge.forbidden"
handler404 = "onedoor.kernel.edge.not_found"
handler500 = "onedoor.kernel.edge.broken"
