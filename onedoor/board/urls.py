"""The addresses of the board."""

from __future__ import annotations

from django.urls import path

from onedoor.board import views
from onedoor.board.views import integrity, objections, procedures, roster, scores, sheet, warnings

app_name = "board"
urlpatterns = [
    path("", views.figures, name="figures"),
    path("map/", views.public_map, name="map"),
    path("map/counts.json", views.public_counts, name="counts"),
    path("map/place/<str:code>/", views.public_place, name="place"),
    path("shapes/<str:name>.json", views.shapes, name="shapes"),
    path("work/", views.work_map, name="work"),
    path("work/counts.json", views.work_counts, name="work_counts"),
    path("work/points.json", views.work_points, name="work_points"),
    path("work/place/<str:code>/", views.work_place, name="work_place"),
    path("work/matter/<str:number>/", views.work_matter, name="work_matter"),
    path("sheet/", sheet.sheet, name="sheet"),
    path("sheet.xlsx", sheet.sheet_xlsx, name="sheet_xlsx"),
    path("sheet/figure/", sheet.figure, name="figure"),
    path("scores/", scores.listing, name="scores"),
    path("scores/objections/", objections.listing, name="objections"),
    path("scores/objections/<int:pk>/", objections.decide, name="objection"),
    path("scores/<int:pk>/<str:unit>/<str:code>/object/", objections.object_to, name="score_object"),
    path("scores/<int:pk>/", scores.group, name="score_group"),
    path("scores/<int:pk>/<str:unit>/", scores.unit, name="score_unit"),
    path("scores/<int:pk>/<str:unit>/<str:code>/", scores.behind, name="score_behind"),
    path("integrity/", integrity.listing, name="integrity"),
    path("integrity/<str:period>/<str:key>/<str:unit>/", integrity.behind, name="integrity_behind"),
    path("warnings/", warnings.listing, name="warnings"),
    path("warnings/counts.json", warnings.counts, name="warning_counts"),
    path("warnings/<str:day>/place/<str:code>/", warnings.place, name="warning_place"),
    path("warnings/<str:day>/<str:key>/", warnings.warning, name="warning"),
    path("roster/", roster.roster, name="roster"),
    path("roster.xlsx", roster.roster_xlsx, name="roster_xlsx"),
    path("procedures/", procedures.listing, name="procedures"),
    path("procedures/<str:key>/", procedures.procedure, name="procedure"),
    path("procedures/<str:key>.mmd", procedures.mermaid, name="procedure_mermaid"),
    path("procedures/<str:key>.bpmn", procedures.bpmn, name="procedure_bpmn"),
]
