from django.urls import path

from maintenance import views, views_recovery

app_name = "maintenance"

urlpatterns = [
    path("backups/", views.backups, name="backups"),
    path("capacity/", views.overview, name="capacities"),
    path("capacity/<int:pk>/", views.capacity, name="capacity"),
    path("routine/", views.routine, name="routine"),
    path("routine/runs/<int:pk>/", views.run, name="routine_run"),
    path("routine/<slug:name>/", views.job, name="routine_job"),
    path("routine/<slug:name>/run/", views.run_now, name="routine_run_now"),
    path("recovery/", views_recovery.recovery, name="recovery"),
]
