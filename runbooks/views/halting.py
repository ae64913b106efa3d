"""The kill switch, within reach of everybody who responds; lifting it is a commander's."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import clock
from core.errors import Refused
from runbooks import queries, services
from runbooks.domain.actions import OPEN, WAITING
from runbooks.forms import ReasonForm
from runbooks.models import Action
from teams.access import needs, signed_in
from teams.domain.roles import Action as May


@require_http_methods(["GET", "HEAD", "POST"])
@needs(May.RESPOND)
def halt(request: HttpRequest) -> HttpResponse:
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            services.halt(by=signed_in(request), at=clock.now(), reason=reason)
        except Refused as refused:
            messages.warning(request, str(refused))
        return redirect("runbooks:actions")
    context = {"form": form, "halt": queries.halted(), **_counts()}
    return render(request, "runbooks/halt.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(May.COMMAND)
def lift(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "runbooks/lift.html", {"halt": queries.halted(), **_counts()})
    try:
        services.lift(by=signed_in(request), at=clock.now())
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("Actions go on."))
    return redirect("runbooks:actions")


def _counts() -> dict[str, int]:
    return {
        "waiting": Action.objects.filter(state__in=WAITING).count(),
        "doing": Action.objects.filter(state__in=OPEN).count(),
    }
