"""`/api/v1/` (described at `/api/v1/docs`) and `/api/georeport/v2/`."""

from __future__ import annotations

from django.urls import path

from onedoor.api.site import georeport, v1
from onedoor.api.views import acting, city, door, figures, records, residents, work
from onedoor.api.views import georeport as open311

for router in (
    residents.router, work.router, acting.router, door.router, records.router, city.router, figures.router,
):  # fmt: skip
    v1.add_router("", router)
georeport.add_router("", open311.router)

urlpatterns = [
    path("v1/", v1.urls),
    path("georeport/v2/", georeport.urls),
]
