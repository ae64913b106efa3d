from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core import clock
from core.errors import Refused
from energy import services
from energy.forms import ClearForm, RehearseForm
from energy.models import Purchase, Response, Step, Wallet
from energy.screens import pages
from energy.screens.markets import why
from energy.screens.rehearsal import told
from energy.services.trusting import set_aside
from teams.access import factor_wanted, needs, sent_for_factor, signed_in
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


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.COMMAND)
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdrawals go again earlier than they would: this person says so, and another one has to."""
    response = get_object_or_404(Response.objects.open().select_related("wallet"), pk=pk)
    user = signed_in(request)
    if request.method != "POST":
        context = {"response": response, "factor": factor_wanted(request)}
        return render(request, "energy/lift.html", context)
    if sent := sent_for_factor(request, back=request.path):
        return sent
    try:
        [first, *_rest] = services.lift_early(response, by=user, at=clock.now())
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect(response.wallet.get_absolute_url())
    messages.success(
        request, _("Your approval is written down. Another person has to approve too.")
    )
    return redirect("runbooks:action", first.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.COMMAND)
def clear(request: HttpRequest, pk: int) -> HttpResponse:
    """What was paid for nothing is settled with the market, which may sell again."""
    owed = get_object_or_404(Purchase.objects.owed().select_related("wallet", "action"), pk=pk)
    form = ClearForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {"owed": owed, "form": form}
        return render(request, "energy/clear.html", context, status=400 if form.errors else 200)
    try:
        services.clear(owed, by=signed_in(request), note=form.cleaned_data["note"], at=clock.now())
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("Cleared: the market may be bought from again."))
    return redirect(owed.wallet.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.COMMAND)
def go_on(request: HttpRequest, pk: int) -> HttpResponse:
    """What is confirmed and does not show is given up: the response may pay for something else."""
    rows = Step.objects.missing().filter(waived_at=None, response__ended_at=None)
    step = get_object_or_404(rows.select_related("response__wallet", "action"), pk=pk)
    wallet = step.response.wallet
    if request.method != "POST":
        return render(request, "energy/go_on.html", {"step": step, "wallet": wallet})
    try:
        services.go_on(step, by=signed_in(request), at=clock.now())
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("The response goes on without it."))
    return redirect(wallet.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.COMMAND)
def bring_back(request: HttpRequest, name: str) -> HttpResponse:
    """A market that has offered well since it was set aside is bought from again."""
    found = next((one for one in set_aside() if one.name == name and one.suggested), None)
    if found is None:
        messages.warning(request, _("It is not suggested any more, or somebody else was faster."))
        return redirect("energy:overview")
    if request.method != "POST":
        context = {"one": found, "why": why(found)}
        return render(request, "energy/bring_back.html", context)
    try:
        services.bring_back(name, by=signed_in(request), at=clock.now())
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("Cleared: the market may be bought from again."))
    return redirect("energy:overview")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.COMMAND)
def dry_run(request: HttpRequest, pk: int) -> HttpResponse:
    """Markets are asked for their prices, which may take some seconds; nothing is done."""
    wallet = get_object_or_404(Wallet.objects.select_related("last"), pk=pk)
    form = RehearseForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"wallet": wallet, "form": form}
    if form.is_valid():
        try:
            context["told"] = told(services.rehearse(wallet, **form.cleaned_data, at=clock.now()))
        except Refused as refused:
            context["refused"] = str(refused)
    return render(request, "energy/dry_run.html", context, status=400 if form.errors else 200)


def _page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    if request.headers.get("HX-Request") and request.GET.get("v") == context.get("version"):
        return HttpResponse(status=204)
    context["may_lift"] = signed_in(request).may(Action.COMMAND)
    if context["large"]:
        context["headline"] = pages.headline(context["large"])
    page = "energy/energy.html"
    return render(request, f"{page}#live" if request.headers.get("HX-Request") else page, context)
