from django.urls import path

from maintenance import views, views_backups, views_drills, views_recovery, views_routine
from maintenance import views_checklists as checklists

app_name = "maintenance"

urlpatterns = [
    path("backups/", views_backups.backups, name="backups"),
    path("backups/prove/", views_backups.prove_now, name="prove_now"),
    path("backups/<int:pk>/back-up/", views_backups.back_up_now, name="back_up_now"),
    path("capacity/", views.overview, name="capacities"),
    path("capacity/capacity.pdf", views.capacity_pdf, name="capacity_pdf"),
    path("capacity/<int:pk>/", views.capacity, name="capacity"),
    path("routine/", views_routine.overview, name="routine"),
    path("routine/runs/<int:pk>/", views_routine.run, name="routine_run"),
    path("routine/rounds/<int:pk>/", checklists.one, name="round"),
    path("routine/rounds/<int:pk>/hand-over/", checklists.hand_over, name="round_hand_over"),
    path("routine/rounds/<int:pk>/sign/", checklists.sign, name="round_sign"),
    path("routine/answers/<int:pk>/", checklists.answer, name="round_answer"),
    path("routine/answers/<int:pk>/file/", checklists.attach, name="round_attach"),
    path("routine/files/<int:pk>/", checklists.download, name="round_file"),
    path("routine/files/<int:pk>/remove/", checklists.remove, name="round_file_remove"),
    path(
        "routine/reports/<slug:frequency>/<slug:first>/",
        views_routine.report,
        name="routine_report",
    ),
    path(
        "routine/reports/<slug:frequency>/<slug:first>/report.pdf",
        views_routine.report_pdf,
        name="routine_report_pdf",
    ),
    path("routine/<slug:name>/", views_routine.job, name="routine_job"),
    path("routine/<slug:name>/run/", views_routine.run_now, name="routine_run_now"),
    path("drills/", views_drills.drills, name="drills"),
    path("drills/plan/", views_drills.plan, name="drill_plan"),
    path("drills/<int:pk>/", views_drills.drill, name="drill"),
    path("drills/<int:pk>/begin/", views_drills.begin, name="drill_begin"),
    path("drills/<int:pk>/end/", views_drills.end, name="drill_end"),
    path("drills/<int:pk>/call-off/", views_drills.call_off, name="drill_call_off"),
    path("drills/<int:pk>/note/", views_drills.note, name="drill_note"),
    path("recovery/", views_recovery.recovery, name="recovery"),
]
