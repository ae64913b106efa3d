from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from core import clock
from maintenance.models import Capacity
from maintenance.screens import capacity as screen
from teams.access import needs
from teams.domain.roles import Action


@require_GET
@needs(Action.READ)
def overview(request: HttpRequest) -> HttpResponse:
    shown = screen.overview(at=clock.now(), zone=timezone.get_current_timezone())
    return _page(request, "capacities", shown)


@require_GET
@needs(Action.READ)
def capacity(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Capacity.objects.select_related("metric__service", "price", "forecast")
    found = get_object_or_404(rows, pk=pk)
    shown = screen.detail(found, at=clock.now(), zone=timezone.get_current_timezone())
    return _page(request, "capacity", shown)


def _page(request: HttpRequest, name: str, shown: dict[str, Any]) -> HttpResponse:
    return render(request, f"maintenance/{name}.html", shown)
