from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from core import clock
from monitoring import services
from monitoring.models import Anomaly, Feedback, Metric
from monitoring.screens import anomalies as screens
from teams.access import needs, signed_in
from teams.domain.roles import Action


@require_GET
@needs(Action.READ)
def anomalies(request: HttpRequest) -> HttpResponse:
    asked = request.GET
    context = screens.listed(
        Anomaly.objects.all(), service=asked.get("service", "")[:80], kind=asked.get("kind", ""),
        page=asked.get("page", ""), at=clock.now(),
    )  # fmt: skip
    return render(request, "monitoring/anomalies.html", context | _may(request))


@require_POST
@needs(Action.RESPOND)
def say(request: HttpRequest, pk: int) -> HttpResponse:
    """Useful, noise, or taken back."""
    found = get_object_or_404(Anomaly, pk=pk)
    if (said := request.POST.get("said", "")) not in Feedback.values:
        raise Http404
    at = clock.now()
    services.say(found, Feedback(said), by=signed_in(request), at=at)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(_back(request, reverse("monitoring:anomalies")))
    told = screens.told(Anomaly.objects.select_related("metric__state", "feedback_by").get(pk=pk))
    context = {"anomaly": told.anomaly, "effect": told.effect} | _may(request)
    return render(request, "monitoring/_verdict.html", context)


@require_POST
@needs(Action.COMMAND)
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Metric, pk=pk)
    on = request.POST.get("on") == "1"
    services.judge_metric(found.pk, on=on, by=signed_in(request), at=clock.now())
    return redirect(_back(request, found.get_absolute_url()))


def _back(request: HttpRequest, usual: str) -> str:
    """To the page the button stood on. A path: any other word, `redirect` would take for the name of a view."""
    told = request.POST.get("next", "")
    is_ours = told.startswith("/") and url_has_allowed_host_and_scheme(told, {request.get_host()})
    return told if is_ours else usual


def _may(request: HttpRequest) -> dict[str, bool]:
    user = signed_in(request)
    return {"may_say": user.may(Action.RESPOND), "may_judge": user.may(Action.COMMAND)}
