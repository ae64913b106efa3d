from django.urls import path

from monitoring import views
from monitoring.registry import sources

app_name = "monitoring"

urlpatterns = [
    path("alerts/", views.alerts, name="alerts"),
    *(
        path(
            sources[name].path.replace("<token>", "<str:token>"),
            views.ingest,
            {"source": name},
            name=name,
        )
        for name in sources
    ),
]
