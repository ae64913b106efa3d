from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from core import clock
from energy.models import Wallet
from energy.screens import pages
from teams.access import needs
from teams.domain.roles import Action


@require_GET
@needs(Action.READ)
def overview(request: HttpRequest) -> HttpResponse:
    return _page(request, pages.overview(at=clock.now()))


@require_GET
@needs(Action.READ)
def wallet(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Wallet.objects.select_related("last"), pk=pk)
    return _page(request, pages.detail(found, at=clock.now()) | {"alone": True})


def _page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    if request.headers.get("HX-Request") and request.GET.get("v") == context.get("version"):
        return HttpResponse(status=204)
    if context["large"]:
        context["headline"] = pages.headline(context["large"])
    page = "energy/energy.html"
    return render(request, f"{page}#live" if request.headers.get("HX-Request") else page, context)
