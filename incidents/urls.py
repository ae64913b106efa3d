from django.urls import include, path

from incidents.views import (
    declaring,
    evidence,
    handover,
    merging,
    messages,
    noise,
    presence,
    reach,
    roles,
    similar,
    tasks,
    timeline,
)
from incidents.views import incidents as views

app_name = "incidents"

urlpatterns = [
    path("alerts/noise/", noise.noise, name="noise"),
    path("incidents/", views.incident_list, name="list"),
    path("incidents/declare/", declaring.declare, name="declare"),
    path("on-call/holes/", reach.holes, name="holes"),
    path("on-call/what-if/", reach.what_if, name="what_if"),
    path("incidents/suggestion/", declaring.suggestion, name="suggestion"),
    path("incidents/<int:number>/", views.room, name="room"),
    path("incidents/<int:number>/live/", views.live, name="live"),
    path("incidents/<int:number>/acknowledge/", views.acknowledge, name="acknowledge"),
    path("incidents/<int:number>/mitigate/", views.mitigate, name="mitigate"),
    path("incidents/<int:number>/resolve/", views.resolve, name="resolve"),
    path("incidents/<int:number>/reopen/", views.reopen, name="reopen"),
    path("incidents/<int:number>/severity/", views.severity, name="severity"),
    path("incidents/<int:number>/severity/keep/", views.keep_severity, name="keep_severity"),
    path("incidents/<int:number>/merge/", merging.merge, name="merge"),
    path("incidents/<int:number>/unmerge/", merging.unmerge, name="unmerge"),
    path("incidents/<int:number>/alerts/<int:alert>/move/", merging.move_alert, name="alert_move"),
    path("incidents/<int:number>/presence/", presence.presence, name="presence"),
    path("incidents/<int:number>/handover/", handover.handover, name="handover"),
    path("incidents/<int:number>/similar/", similar.similar, name="similar"),
    path("incidents/<int:number>/assemble/", roles.assemble, name="assemble"),
    path("incidents/<int:number>/join/", roles.join, name="join"),
    path("incidents/<int:number>/roles/<str:role>/", roles.role, name="role"),
    path("incidents/<int:number>/roles/<str:role>/leave/", roles.leave, name="role_leave"),
    path("incidents/<int:number>/note/", timeline.note, name="note"),
    path("incidents/<int:number>/pin/", timeline.pin, name="pin"),
    path("incidents/<int:number>/unpin/", timeline.unpin, name="unpin"),
    path("incidents/<int:number>/tasks/add/", tasks.add, name="task_add"),
    path("incidents/<int:number>/tasks/<int:task>/", tasks.change, name="task"),
    path("incidents/<int:number>/tasks/<int:task>/finish/", tasks.finish, name="task_finish"),
    path("incidents/<int:number>/tasks/<int:task>/undo/", tasks.undo, name="task_undo"),
    path("incidents/<int:number>/evidence/add/", evidence.add, name="evidence_add"),
    path("incidents/<int:number>/evidence/<int:evidence>/", evidence.download, name="evidence"),
    path(
        "incidents/<int:number>/evidence/<int:evidence>/remove/",
        evidence.remove,
        name="evidence_remove",
    ),
    path("hooks/", include("incidents.hooks.urls")),
    path("incidents/<int:number>/impact/", messages.impact, name="impact"),
    path("incidents/<int:number>/messages/", messages.page, name="messages"),
    path("incidents/<int:number>/messages/write/", messages.write, name="message_write"),
    path(
        "incidents/<int:number>/messages/<uuid:message>/save/", messages.save, name="message_save"
    ),
    path(
        "incidents/<int:number>/messages/<uuid:message>/approve/",
        messages.approve,
        name="message_approve",
    ),
    path(
        "incidents/<int:number>/messages/<uuid:message>/withdraw/",
        messages.withdraw,
        name="message_withdraw",
    ),
    path("p/<str:token>/", views.answer, name="answer"),
]
