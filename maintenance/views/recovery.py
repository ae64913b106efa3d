from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from core import clock
from maintenance.screens import recovery as screen
from teams.access import needs
from teams.domain.roles import Action


@require_GET
@needs(Action.READ)
def recovery(request: HttpRequest) -> HttpResponse:
    shown = screen.overview(at=clock.database_now())
    return render(request, "maintenance/recovery.html", shown)
