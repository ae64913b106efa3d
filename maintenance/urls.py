from django.urls import path

from maintenance.views import backups, capacity, checklists, drills, recovery, routine

app_name = "maintenance"

urlpatterns = [
    path("backups/", backups.backups, name="backups"),
    path("backups/prove/", backups.prove_now, name="prove_now"),
    path("backups/<int:pk>/back-up/", backups.back_up_now, name="back_up_now"),
    path("capacity/", capacity.overview, name="capacities"),
    path("capacity/capacity.pdf", capacity.capacity_pdf, name="capacity_pdf"),
    path("capacity/<int:pk>/", capacity.capacity, name="capacity"),
    path("routine/", routine.overview, name="routine"),
    path("routine/runs/<int:pk>/", routine.run, name="routine_run"),
    path("routine/rounds/<int:pk>/", checklists.one, name="round"),
    path("routine/rounds/<int:pk>/hand-over/", checklists.hand_over, name="round_hand_over"),
    path("routine/rounds/<int:pk>/sign/", checklists.sign, name="round_sign"),
    path("routine/answers/<int:pk>/", checklists.answer, name="round_answer"),
    path("routine/answers/<int:pk>/file/", checklists.attach, name="round_attach"),
    path("routine/files/<int:pk>/", checklists.download, name="round_file"),
    path("routine/files/<int:pk>/remove/", checklists.remove, name="round_file_remove"),
    path(
        "routine/reports/<slug:frequency>/<slug:first>/",
        routine.report,
        name="routine_report",
    ),
    path(
        "routine/reports/<slug:frequency>/<slug:first>/report.pdf",
        routine.report_pdf,
        name="routine_report_pdf",
    ),
    path("routine/<slug:name>/", routine.job, name="routine_job"),
    path("routine/<slug:name>/run/", routine.run_now, name="routine_run_now"),
    path("drills/", drills.drills, name="drills"),
    path("drills/plan/", drills.plan, name="drill_plan"),
    path("drills/<int:pk>/", drills.drill, name="drill"),
    path("drills/play/<slug:scenario>/", drills.play_scenario, name="drill_play_scenario"),
    path("drills/<int:pk>/change/", drills.change, name="drill_change"),
    path("drills/<int:pk>/play/", drills.play, name="drill_play"),
    path("drills/<int:pk>/stop/", drills.stop, name="drill_stop"),
    path("drills/<int:pk>/break-off/", drills.break_off, name="drill_break_off"),
    path("drills/<int:pk>/plan-again/", drills.plan_again, name="drill_plan_again"),
    path("drills/<int:pk>/begin/", drills.begin, name="drill_begin"),
    path("drills/<int:pk>/end/", drills.end, name="drill_end"),
    path("drills/<int:pk>/call-off/", drills.call_off, name="drill_call_off"),
    path("drills/<int:pk>/note/", drills.note, name="drill_note"),
    path("recovery/", recovery.recovery, name="recovery"),
]
