from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from core import clock
from incidents.screens.noise import report
from teams.access import needs
from teams.domain.roles import Action


@require_GET
@needs(Action.READ)
def noise(request: HttpRequest) -> HttpResponse:
    return render(request, "incidents/noise.html", {"report": report(at=clock.now())})
