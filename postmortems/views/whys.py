"""Five whys, answered together on a call: everybody's page follows, and nobody's words are swept away."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core import clock
from core.errors import Refused
from postmortems import services
from postmortems.forms import CiteForm, WhyForm
from postmortems.models import Evidence, Postmortem, Why
from postmortems.screens.whys import compose, tree_part
from teams.access import needs, signed_in
from teams.domain.roles import Action

ABOUT = Postmortem.objects.select_related("incident", "owner")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs(Action.READ)
def whys(request: HttpRequest, number: int) -> HttpResponse:
    if request.method == "POST":
        return _answer(request, number)
    postmortem = get_object_or_404(ABOUT, incident=number)
    is_update = bool(request.headers.get("HX-Request"))
    if is_update and request.GET.get("v") == str(postmortem.version):
        return HttpResponse(status=204)
    context = tree_part(postmortem, signed_in(request))
    if is_update:
        return render(request, "postmortems/whys.html#live", context)
    return _page(request, postmortem, context)


def _page(
    request: HttpRequest, postmortem: Postmortem, context: dict[str, object], **said: object
) -> HttpResponse:
    context |= compose(postmortem, request.GET) | said
    return render(request, "postmortems/whys.html", context, status=409 if said else 200)


@needs(Action.RESPOND)
def _answer(request: HttpRequest, number: int) -> HttpResponse:
    """A new answer, or other words for one; what could not be saved stays in the box."""
    postmortem = get_object_or_404(ABOUT, incident=number)
    form = WhyForm(request.POST, postmortem=postmortem)
    who, at = signed_in(request), clock.now()
    try:
        if not form.is_valid():
            raise Refused(" ".join(str(one) for errors in form.errors.values() for one in errors))
        said = form.cleaned_data
        if edited := said["edit"]:
            services.change_why(
                edited, said["answer"], seen=said["revision"] or 0, by=who, at=at
            )  # fmt: skip
        else:
            services.add_why(
                postmortem, said["answer"], under=said["under"], source=said["source"], by=who, at=at
            )  # fmt: skip
    except Refused as refused:
        messages.error(request, str(refused))
        context = tree_part(postmortem, who)
        return _page(request, postmortem, context, typed=request.POST.get("answer", ""))
    return redirect("postmortems:whys", postmortem.incident_id)


@require_POST
@needs(Action.RESPOND)
def remove(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    why = get_object_or_404(
        Why.objects.select_related("postmortem"), pk=pk, postmortem__incident=number
    )
    return _done(
        request, number, lambda: services.remove_why(why, by=signed_in(request), at=clock.now())
    )


@require_POST
@needs(Action.RESPOND)
def cite(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    why = get_object_or_404(
        Why.objects.select_related("postmortem__incident"), pk=pk, postmortem__incident=number
    )
    form = CiteForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose what it rests on."))
        return redirect(f"{reverse('postmortems:whys', args=[number])}?cite={pk}")
    kind, ref = form.cleaned_data["source"]
    return _done(
        request,
        number,
        lambda: services.cite(why, kind, ref, by=signed_in(request), at=clock.now()),
    )


@require_POST
@needs(Action.RESPOND)
def withdraw(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    rows = Evidence.objects.select_related("why__postmortem")
    cited = get_object_or_404(rows, pk=pk, why__postmortem__incident=number)
    return _done(
        request, number, lambda: services.withdraw(cited, by=signed_in(request), at=clock.now())
    )


def _done(request: HttpRequest, number: int, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("postmortems:whys", number)
