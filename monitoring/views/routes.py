from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from monitoring.domain.alerts import KEEP_ONLY
from monitoring.forms import TryForm
from monitoring.models import Route
from monitoring.services import sent
from teams.access import needs
from teams.domain.roles import Action


@require_GET
@needs(Action.READ)
def routes(request: HttpRequest) -> HttpResponse:
    """The routes in their order, and where an alert with these labels would go."""
    form = TryForm(request.GET if "labels" in request.GET else None)
    context = {
        "routes": Route.objects.select_related("service", "team", "integration"),
        "form": form,
        "sent": sent(**form.cleaned_data) if form.is_bound and form.is_valid() else None,
        "KEEP_ONLY": KEEP_ONLY,
    }
    part = "#sent" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"monitoring/routes.html{part}", context)
