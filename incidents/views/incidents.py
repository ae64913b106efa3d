"""The portal's doors: load, call one service, answer."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from core import clock
from incidents import services
from incidents.domain.replies import How
from incidents.domain.story import Reading
from incidents.forms import SeverityForm
from incidents.models import TOPIC, VERSIONED, Incident
from incidents.screens import overview as screen
from incidents.screens.room.answer import answer_page
from incidents.screens.room.live import live_part
from incidents.screens.room.page import room as room_context
from incidents.screens.room.viewer import Standing
from incidents.services import answering, receipts
from incidents.services.asking import Answers
from incidents.views.acting import act
from notifications.domain.receipts import looks_like_a_person
from notifications.links import delivery_behind
from notifications.models import Delivery
from teams.access import needs, signed_in
from teams.domain.roles import Action


@require_GET
@needs(Action.READ)
def incident_list(request: HttpRequest) -> HttpResponse:
    if request.GET.get("v") and request.GET["v"] == screen.version():
        return HttpResponse(status=204)
    shown = screen.overview(
        signed_in(request),
        screen.Filters.read(request.GET),
        page=request.GET.get("page", "1"),
        at=clock.now(),
    )
    if request.GET.get("before") == "first" and not shown.is_empty:
        return HttpResponseClientRefresh()  # the page of no incidents has no search to keep
    part = "#rows" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"incidents/list.html{part}", vars(shown))


@require_GET
@needs(Action.READ)
def room(request: HttpRequest, number: int) -> HttpResponse:
    reading = replace(Reading.read(request.GET.dict()), down_to=None)  # nothing stands below yet
    return render(request, "incidents/room.html", _room(request, number, reading))


def _room(request: HttpRequest, number: int, reading: Reading) -> dict[str, Any]:
    incident = get_object_or_404(Incident.objects.for_list(), pk=number)
    answers = Answers.to(incident)
    viewer = Standing.of(incident, answers).viewer(signed_in(request))
    return room_context(incident, viewer, answers, reading, at=clock.now())


@require_GET
@never_cache
@needs(Action.READ)
def live(request: HttpRequest, number: int) -> HttpResponse:
    """Polled: 204 while nothing has changed, so an idle room costs one small query."""
    seen = get_object_or_404(Incident.objects.only(*VERSIONED), pk=number)
    if request.GET.get("v") == seen.version:
        return HttpResponse(status=204)
    reading = Reading.read(request.GET.dict())
    return HttpResponse(live_part(seen, signed_in(request), reading))


@require_POST
@needs(Action.RESPOND)
def acknowledge(request: HttpRequest, number: int) -> HttpResponse:
    return act(request, number, services.acknowledge)


@require_POST
@needs(Action.RESPOND)
def mitigate(request: HttpRequest, number: int) -> HttpResponse:
    return act(request, number, services.mitigate)


@require_POST
@needs(Action.COMMAND)
def resolve(request: HttpRequest, number: int) -> HttpResponse:
    return act(request, number, services.resolve)


@require_POST
@needs(Action.COMMAND)
def reopen(request: HttpRequest, number: int) -> HttpResponse:
    return act(request, number, services.reopen)


@require_POST
@needs(Action.COMMAND)
def severity(request: HttpRequest, number: int) -> HttpResponse:
    said = request.POST.copy()
    said.setdefault("reason", request.GET.get("reason", ""))  # where a button says it all
    form = SeverityForm(said)
    if not form.is_valid():
        messages.error(request, _("Choose one of P0 to P3."))
        return redirect("incidents:room", number)
    return act(request, number, services.change_severity, **form.cleaned_data)


@require_POST
@needs(Action.COMMAND)
def keep_severity(request: HttpRequest, number: int) -> HttpResponse:
    return act(request, number, services.keep_severity, severity=request.POST.get("severity", ""))


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The link in a page. Opening it answers nothing, since mail scanners open links; the POST does."""
    at = clock.now()
    delivery = delivery_behind(token, at=at)
    if delivery is None or not delivery.topic.startswith(f"{TOPIC}:"):
        return render(request, "incidents/answer.html", {"expired": True}, status=404)
    number = int(delivery.topic.removeprefix(f"{TOPIC}:"))
    incident = get_object_or_404(Incident.objects.for_list(), pk=number)
    with translation.override(delivery.language), timezone.override(_zone(delivery)):
        if request.method == "POST" and "cannot" in request.POST:
            return _decline(request, incident, delivery)
        if request.method == "POST":
            return _answer(request, incident, delivery)
        if looks_like_a_person(request.method or "", request.headers):
            receipts.opened(delivery, at=at)
        return render(request, "incidents/answer.html", answer_page(incident, delivery, at=at))


def _answer(request: HttpRequest, incident: Incident, delivery: Delivery) -> HttpResponse:
    try:
        services.acknowledge(
            incident, by=delivery.recipient, at=clock.now(), via=delivery.channel,
            actor=delivery.recipient_name,
        )  # fmt: skip
    except services.AlreadyMoved as moved:
        incident = moved.incident
    incident = Incident.objects.for_list().get(pk=incident.pk)
    context = answer_page(incident, delivery, at=clock.now())
    return render(request, "incidents/answer.html", context)


def _decline(request: HttpRequest, incident: Incident, delivery: Delivery) -> HttpResponse:
    """A machine cannot say so, nor somebody who has left: then nothing has changed."""
    context = {}
    if delivery.recipient and delivery.recipient.is_active:
        context["said"] = answering.declined(
            incident, by=delivery.recipient, at=clock.now(), via=delivery.channel, how=How.LINK,
            words=request.POST.get("words", ""),
        )  # fmt: skip
    incident = Incident.objects.for_list().get(pk=incident.pk)
    context |= answer_page(incident, delivery, at=clock.now())
    return render(request, "incidents/answer.html", context)


def _zone(delivery: Delivery) -> ZoneInfo | None:
    return ZoneInfo(delivery.recipient.time_zone) if delivery.recipient else None
