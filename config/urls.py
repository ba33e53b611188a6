"""Where each surface stands."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("desk/", include("onedoor.desk.urls")),
    path("board/", include("onedoor.board.urls")),
    path("api/", include("onedoor.api.urls")),
    path("", include("onedoor.portal.urls")),
]
