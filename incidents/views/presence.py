from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from core import clock
from incidents import services
from incidents.models import Incident
from incidents.screens.room.presence import presence as shown
from teams.access import needs, signed_in
from teams.domain.roles import Action


@require_POST
@needs(Action.READ)
def presence(request: HttpRequest, number: int) -> HttpResponse:
    incident, me = get_object_or_404(Incident, pk=number), signed_in(request)
    services.look(incident, by=me, at=clock.now())
    context = {"incident": incident, "presence": shown(incident, at=clock.now())}
    return render(request, "incidents/room/_presence.html", context)
