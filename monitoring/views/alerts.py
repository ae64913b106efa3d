from typing import Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from core import clock
from monitoring.domain.alerts import FIRING, RESOLVED
from monitoring.models import Alert, AlertQuerySet
from monitoring.screens.pictures import glimpses
from teams.access import needs
from teams.domain.roles import Action

ALERTS_A_PAGE: Final = 50
SILENCED: Final = "silenced"


@require_GET
@needs(Action.READ)
def alerts(request: HttpRequest) -> HttpResponse:
    words, status = request.GET.get("q", "").strip()[:200], request.GET.get("status", "")
    rows = _of_status(
        Alert.objects.select_related(
            "integration", "incident_link", "window", "route", "because_of"
        ),
        status,
    )
    if words:
        rows = rows.search(words)
    page = Paginator(rows, ALERTS_A_PAGE).get_page(request.GET.get("page", "1"))
    part = "#rows" if request.htmx else ""  # type: ignore[attr-defined]
    seen = glimpses(page.object_list, at=clock.now())
    rows_ = [(alert, seen.get(alert.pk)) for alert in page]
    context = {"page": page, "rows": rows_, "q": words, "status": status}
    return render(request, f"monitoring/alerts.html{part}", context)


def _of_status(rows: AlertQuerySet, status: str) -> AlertQuerySet:
    if status == SILENCED:
        return rows.open().filter(muted_until__isnull=False)
    if status in {FIRING, RESOLVED}:
        return rows.filter(resolved_at__isnull=status == FIRING)
    return rows
