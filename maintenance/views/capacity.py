from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from core import clock
from core.printing.waiting import shown
from maintenance.models import Capacity
from maintenance.screens import capacity as screen
from maintenance.services import printing
from teams.access import needs
from teams.domain.roles import Action


@require_GET
@needs(Action.READ)
def overview(request: HttpRequest) -> HttpResponse:
    told = screen.overview(at=clock.now(), zone=timezone.get_current_timezone())
    return _page(request, "capacities", told)


@require_GET
@needs(Action.READ)
def capacity(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Capacity.objects.select_related("metric__service", "price", "forecast")
    found = get_object_or_404(rows, pk=pk)
    told = screen.detail(found, at=clock.now(), zone=timezone.get_current_timezone())
    return _page(request, "capacity", told)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.READ)
def capacity_pdf(request: HttpRequest) -> HttpResponse:
    """In the reader's language, unless asked for in the other."""
    asked = request.GET.get("language", "")
    language = asked if asked in dict(settings.LANGUAGES) else get_language() or "ko"
    row = printing.ask(language, again=request.method == "POST")
    address = f"{reverse('maintenance:capacity_pdf')}?language={language}"
    said = {"before": printing.before(row), "back": reverse("maintenance:capacities")}
    return shown(
        request, row, address=address, name="capacity.pdf", page="maintenance/printing.html", said=said
    )  # fmt: skip


def _page(request: HttpRequest, name: str, shown: dict[str, Any]) -> HttpResponse:
    return render(request, f"maintenance/{name}.html", shown)
