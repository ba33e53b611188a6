"""The addresses of the portal."""

from __future__ import annotations

from django.urls import path

from onedoor.portal.views import acting, filing, following, grids, pages, sending, surveys

app_name = "portal"
urlpatterns = [
    path("", pages.home, name="home"),
    path("help/", pages.help_page, name="help"),
    path("privacy/", pages.privacy, name="privacy"),
    path("grid/", grids.grid, name="grid"),
    path("file/", filing.file, name="file"),
    path("file/consider/", filing.consider, name="consider"),
    path("file/units/", filing.units, name="units"),
    path("filed/<str:number>/", filing.filed, name="filed"),
    path("filed/<str:number>/same/", filing.same, name="same"),
    path("surveys/", surveys.results, name="survey_results"),
    path("surveys/<int:round_id>/", surveys.result, name="survey_result"),
    path("survey/", surveys.answer, name="survey_answer"),
    path("follow/", following.follow, name="follow"),
    path("follow/forget/", following.forget, name="forget"),
    path("my/<str:number>/", following.matter, name="matter"),
    path("my/<str:number>/verdict/", acting.verdict, name="verdict"),
    path("my/<str:number>/do/<str:key>/", acting.do, name="do"),
    path("my/<str:number>/message/", sending.message, name="message"),
    path("my/<str:number>/files/", sending.add_files, name="add_files"),
    path("my/<str:number>/files/<int:pk>/", sending.file, name="attachment"),
    path("my/<str:number>/papers/<int:pk>/", sending.paper, name="paper"),
    path("my/<str:number>/papers/new/<str:key>/", sending.make_paper, name="make_paper"),
]
