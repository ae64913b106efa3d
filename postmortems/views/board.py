from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from core import clock
from postmortems.screens.board import columns, rows_of
from teams.access import needs, signed_in
from teams.domain.roles import Action
from teams.models import Team


@require_GET
@needs(Action.READ)
def board(request: HttpRequest) -> HttpResponse:
    person, today = signed_in(request), timezone.localtime(clock.now()).date()
    context = {
        "columns": columns(rows_of(request.GET.dict(), person), today=today),
        "of": request.GET.get("of", ""),
        "done": request.GET.get("show") == "done",
        "teams": Team.objects.all(),
        "may_write": person.may(Action.REVIEW),
    }
    return render(request, "postmortems/board.html", context)
