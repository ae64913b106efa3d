from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from core import clock
from incidents.models import Incident
from incidents.screens.handover import handover as summary
from teams.access import needs
from teams.domain.roles import Action


@require_GET
@never_cache
@needs(Action.READ)
def handover(request: HttpRequest, number: int) -> HttpResponse:
    incident = get_object_or_404(Incident.objects.for_list(), pk=number)
    shown = summary(incident, at=clock.now())
    return render(request, "incidents/handover.html", vars(shown) | {"overdue": shown.overdue})
