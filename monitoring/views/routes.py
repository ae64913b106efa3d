from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from monitoring.domain.alerts import KEEP_ONLY, severity_of
from monitoring.forms import TryForm
from monitoring.models import Alert, Integration, Route
from monitoring.services import direct
from monitoring.source import first
from monitoring.sources.alertmanager import SERVICE_LABELS, SEVERITY_LABELS
from teams.access import needs
from teams.domain.roles import Action


@require_GET
@needs(Action.READ)
def routes(request: HttpRequest) -> HttpResponse:
    """The routes in their order, and where an alert with these labels would go."""
    form = TryForm(request.GET if "labels" in request.GET else None)
    context = {
        "routes": Route.objects.select_related("service", "integration"),
        "form": form,
        "sent": _sent(**form.cleaned_data) if form.is_bound and form.is_valid() else None,
        "KEEP_ONLY": KEEP_ONLY,
    }
    part = "#sent" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"monitoring/routes.html{part}", context)


def _sent(labels: dict[str, str], integration: Integration) -> Alert:
    """The alert that a sender with these labels would make; it is not stored."""
    words = [labels[name] for name in SEVERITY_LABELS if name in labels]
    alert = Alert(
        integration=integration,
        labels=labels,
        title=labels.get("title", ""),
        group=labels.get("alertname", ""),
        service=first(labels, *SERVICE_LABELS) or "",
        severity=severity_of(words, integration.severity_map, integration.default_severity),
    )
    direct([alert])
    return alert
