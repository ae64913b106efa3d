from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from core import clock
from runbooks import queries
from runbooks.screens.board import board as whole_board
from runbooks.screens.page import page
from teams.access import needs, signed_in
from teams.domain.roles import Action


@require_GET
@needs(Action.READ)
def board(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("before", "")
    before = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None
    context = whole_board(signed_in(request), before=before, at=clock.now())
    return _shown(request, "runbooks/actions.html", context)


@require_GET
@needs(Action.READ)
def action(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.shown(), pk=pk)
    context = page(found, signed_in(request), at=clock.now())
    return _shown(request, "runbooks/action.html", context)


def _shown(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return render(request, template, context)
    if request.GET.get("v") == context["version"]:
        return HttpResponse(status=204)
    return render(request, f"{template}#live", context)
