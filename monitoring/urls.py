from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from monitoring import views
from monitoring.compat import opsgenie
from monitoring.registry import sources

app_name = "monitoring"

Door = Callable[..., HttpResponse]


def shared(get: Door) -> Door:
    """One address at which senders both post and ask."""

    @csrf_exempt
    def door(request: HttpRequest, **parts: str) -> HttpResponse:
        return (get if request.method == "GET" else views.ingest)(request, **parts)

    return door


SHARED = {
    "v2/alerts": shared(opsgenie.several),
    "v2/alerts/<path:rest>": shared(opsgenie.one),
}

urlpatterns = [
    path("alerts/", views.alerts, name="alerts"),
    path("v2/alerts/requests/<str:request_id>", opsgenie.request_status, {"source": "opsgenie"}),
    *(
        path(
            place.replace("<token>", "<str:token>"),
            SHARED.get(place, views.ingest),
            {"source": name},
        )
        for name in sources
        for place in (sources[name].path, *sources[name].more_paths)
    ),
]
