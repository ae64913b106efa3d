from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from incidents.models import Incident
from incidents.screens.similar import before
from teams.access import needs, signed_in
from teams.domain.roles import Action, may


@require_GET
@needs(Action.READ)
def similar(request: HttpRequest, number: int) -> HttpResponse:
    """Apart from the room, which looks often: this is looked up once when a room is opened."""
    incident = get_object_or_404(Incident.objects.prefetch_related("services"), pk=number)
    part = "#before" if request.htmx else ""  # type: ignore[attr-defined]
    user = signed_in(request)
    may_write = may(user.role, Action.RESPOND)
    context = {"incident": incident, "before": before(incident, user), "can_write": may_write}
    return render(request, f"incidents/similar.html{part}", context)
