from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from core import clock
from incidents.screens import tv as screen
from teams.access import needs
from teams.domain.roles import Action

NO_NEWS = 204


@require_GET
@needs(Action.READ)
def tv(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    if request.GET.get("v") == screen.version(at=at):
        return HttpResponse(status=NO_NEWS)
    part = "#live" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"monitoring/tv.html{part}", screen.tv(at=at))
