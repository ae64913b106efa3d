from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import clock
from core.errors import Refused
from monitoring import queries, services
from monitoring.domain.matching import Matcher, written
from monitoring.forms import SilenceForm
from monitoring.models import Alert, Silence
from teams.access import needs, signed_in
from teams.domain.roles import Action

ENDED_SHOWN: Final = 30


@require_GET
@needs(Action.READ)
def silences(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    rows = Silence.objects.select_related("integration")
    over = rows.over(at).order_by("-ends_at")[:ENDED_SHOWN]
    context = {
        "active": queries.with_counts(rows.active(at).order_by("ends_at")),
        "pending": rows.pending(at).order_by("starts_at"),
        "over": [(silence, silence.ends_at > at) for silence in over],
    }
    return render(request, "monitoring/silences.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.RESPOND)
def new_silence(request: HttpRequest) -> HttpResponse:
    """The form and, while it is filled in, what it would silence."""
    at, posted = clock.now(), request.method == "POST"
    part = "#preview" if request.htmx else ""  # type: ignore[attr-defined]
    only_looks = bool(part) or "look" in request.POST
    form = SilenceForm(request.POST if posted else None, initial=_suggested(request))
    if posted and form.is_valid() and not only_looks:
        try:
            return _silenced(request, form, at)
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {"form": form, "preview": _preview(form, at)}
    status = 400 if form.errors and not only_looks else 200
    return render(request, f"monitoring/silence.html{part}", context, status=status)


def _silenced(request: HttpRequest, form: SilenceForm, at: datetime) -> HttpResponse:
    user, said = signed_in(request), form.cleaned_data
    starts_at = said["starts_at"] or at
    services.silence(
        said["matchers"], starts_at=starts_at, ends_at=form.ends_at(starts_at),
        comment=said["comment"], created_by=user.name, by=user, at=at,
    )  # fmt: skip
    return redirect("monitoring:silences")


def _suggested(request: HttpRequest) -> dict[str, Any]:
    """The labels of the alert that somebody wants to silence."""
    asked = request.GET.get("alert", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
        return {}
    alert = get_object_or_404(Alert.objects.select_related("integration"), pk=int(asked))
    usual = {name: alert.known_labels[name] for name in ("alertname", "title", "integration")}
    labels = alert.labels or usual
    return {"matchers": written(Matcher(name, value) for name, value in sorted(labels.items()))}


def _preview(form: SilenceForm, at: datetime) -> queries.Preview | None:
    matchers = form.cleaned_data.get("matchers") if form.is_bound else form.suggested()
    return queries.preview(matchers, at=at) if matchers else None


@require_POST
@needs(Action.RESPOND)
def expire_silence(request: HttpRequest, pk: UUID) -> HttpResponse:
    silence = get_object_or_404(Silence, pk=pk)
    if not services.end_early(silence, at=clock.now()):
        messages.info(request, _("This silence was over already."))
    return redirect("monitoring:silences")


@require_POST
@needs(Action.RESPOND)
def restore_silence(request: HttpRequest, pk: UUID) -> HttpResponse:
    silence = get_object_or_404(Silence, pk=pk)
    if not services.take_back(silence, at=clock.now()):
        messages.info(request, _("Its time has passed: make a new one."))
    return redirect("monitoring:silences")
