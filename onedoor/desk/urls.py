"""The addresses of the desk."""

from __future__ import annotations

from django.urls import path

from onedoor.desk.views import (
    acting,
    call,
    intake,
    joining,
    land,
    lists,
    matter,
    meeting,
    papers,
    people,
    placing,
    session,
    work,
)

app_name = "desk"
urlpatterns = [
    path("", work.home, name="home"),
    path("tasks/", work.tasks, name="tasks"),
    path("invitations/", work.invitations, name="invitations"),
    path("objections/", work.objections, name="objections"),
    path("reminders/", work.reminded, name="reminders"),
    path("reminders/<int:reminder_id>/", work.seen, name="seen"),
    path("sign-in/", session.sign_in, name="login"),
    path("sign-out/", session.sign_out, name="logout"),
    path("password/", session.password, name="password"),
    path("in/", intake.take_in, name="take_in"),
    path("in/consider/", intake.consider, name="consider"),
    path("in/<str:number>/", intake.receipt, name="receipt"),
    path("matters/", lists.search, name="search"),
    path("matters/<str:number>/", matter.page, name="matter"),
    path("matters/<str:number>/point.json", land.point, name="matter_point"),
    path("matters/<str:number>/history/", matter.history, name="history"),
    path("matters/<str:number>/note/", matter.note, name="note"),
    path("matters/<str:number>/do/<str:key>/", acting.do, name="do"),
    path("matters/<str:number>/place/", placing.locate, name="locate"),
    path("matters/<str:number>/category/", placing.correct, name="correct"),
    path("matters/<str:number>/parties/", people.add, name="add_party"),
    path("matters/<str:number>/files/", papers.attach, name="attach"),
    path("matters/<str:number>/papers/<str:template>/", papers.make, name="make_paper"),
    path("matters/<str:number>/alike/", joining.alike, name="alike"),
    path("matters/<str:number>/beside/<str:other>/", joining.beside, name="beside"),
    path("tasks/<int:task_id>/finish/", acting.task, {"verb": "finish"}, name="finish_task"),
    path("tasks/<int:task_id>/withdraw/", acting.task, {"verb": "withdraw"}, name="withdraw_task"),
    path("parties/<int:party_id>/", people.contact, name="contact"),
    path("papers/<int:document_id>/", papers.paper, name="paper"),
    path("files/<int:attachment_id>/", papers.attachment, name="attachment"),
    path("notices/<int:notice_id>/", papers.told, name="told"),
    path("meetings/<int:meeting_id>/", meeting.page, name="meeting"),
    path("calls/", lists.calls, name="calls"),
    path("calls/<str:number>/", call.page, name="call"),
    path("unplaced/", placing.unplaced, name="unplaced"),
    path("watch/", lists.watch, name="watch"),
    path("places/", lists.places, name="places"),
    path("land/<str:code>/grids.json", land.grids, name="land"),
    path("land/<str:code>/outline.json", land.outline, name="outline"),
]
