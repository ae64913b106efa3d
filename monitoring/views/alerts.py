from typing import Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from core import clock
from monitoring.models import Alert
from monitoring.screens.glimpses import glimpses
from teams.access import needs, signed_in
from teams.domain.roles import Action

ALERTS_A_PAGE: Final = 50


@require_GET
@needs(Action.READ)
def alerts(request: HttpRequest) -> HttpResponse:
    words, status = request.GET.get("q", "").strip()[:200], request.GET.get("status", "")
    found = Alert.objects.select_related(
        "integration", "incident_link", "window", "route", "because_of"
    )
    rows = found.in_state(status)
    if words:
        rows = rows.search(words)
    page = Paginator(rows, ALERTS_A_PAGE).get_page(request.GET.get("page", "1"))
    part = "#rows" if request.htmx else ""  # type: ignore[attr-defined]
    seen = glimpses(list(page), at=clock.now())
    rows_ = [(alert, seen.get(alert.pk)) for alert in page]
    may = {"may_say": signed_in(request).may(Action.RESPOND)}
    context = {"page": page, "rows": rows_, "q": words, "status": status} | may
    return render(request, f"monitoring/alerts.html{part}", context)
