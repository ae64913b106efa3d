"""Who is told of the status page, for those who answer for it: counts, and single people who ask; never a list of all."""

import logging

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import clock
from statuspage.models import Mailing, Standing, Subscriber, Way
from statuspage.services import subscribing
from teams.access import needs, signed_in
from teams.domain.roles import Action

log = logging.getLogger(__name__)

A_PAGE = 50
FOUND = 20  # of a search: it is for one person, not for all of them
LEAST = 3  # letters
RECENT = 8


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.COMMAND)
def crowd(request: HttpRequest) -> HttpResponse:
    """Searched by POST, so that no address gets into a log or a history."""
    asked = request.POST.get("q", "").replace("\x00", "").strip().lower()
    found = Subscriber.objects.filter(address__contains=asked).order_by("pk")[:FOUND]
    lost = Subscriber.objects.filter(standing=Standing.QUARANTINED).order_by("-ended_at", "-pk")
    context = {
        "counts": _counts(),
        "standings": Standing.choices,
        "mailings": Mailing.objects.select_related("notice", "update").annotate(
            waiting=Count("deferred")
        )[:RECENT],
        "page": Paginator(lost, A_PAGE).get_page(request.GET.get("page", "1")),
        "asked": asked,
        "short": bool(asked) and len(asked) < LEAST,
        "found": found if len(asked) >= LEAST else None,
    }
    return render(request, "statuspage/crowd.html", context)


def _counts() -> list[tuple[str, list[int]]]:
    rows = Subscriber.objects.values_list("way", "standing").annotate(Count("pk"))
    found = {(way, standing): count for way, standing, count in rows}
    return [
        (str(Way(way).label), [found.get((way, standing), 0) for standing in Standing.values])
        for way in Way.values
    ]


@require_POST
@needs(Action.COMMAND)
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(Subscriber, pk=pk)
    log.info("subscriber %s forgotten by %s", one, signed_in(request).username)
    one.delete()
    messages.success(request, _("Forgotten, with all that was kept of them."))
    return redirect("statuspage:crowd")


@require_POST
@needs(Action.COMMAND)
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever could not be reached can be again, as somebody knows who asked them."""
    if subscribing.readmit(get_object_or_404(Subscriber, pk=pk)):
        log.info("subscriber %s readmitted by %s", pk, signed_in(request).username)
        messages.success(request, _("They are told again from the next update on."))
    return redirect("statuspage:crowd")


@require_POST
@needs(Action.COMMAND)
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """All that is kept of one person, for that person."""
    one = get_object_or_404(Subscriber, pk=pk)
    log.info("subscriber %s exported by %s", one, signed_in(request).username)
    said = {"exported_at": clock.now(), **subscribing.all_of(one)}
    answer = JsonResponse(said, json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer["Content-Disposition"] = 'attachment; filename="subscriber.json"'
    return answer
