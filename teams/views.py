from collections.abc import Callable
from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import clock, tokens
from core.errors import Refused
from teams import feeds, services
from teams.access import needs, signed_in
from teams.domain.roles import Action
from teams.forms import OverrideForm, SpanForm
from teams.rotations import Override, Swap
from teams.screens import on_call_page


@require_GET
@needs(Action.READ)
def on_call(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    context = on_call_page(user, at=clock.now())
    if user.may(Action.RESPOND):
        start = clock.now().replace(second=0, microsecond=0)
        ends = start + timedelta(hours=8)
        context["form"] = OverrideForm(by=user, initial={"starts_at": start, "ends_at": ends})
    return render(request, "teams/on_call.html", context | {"feeds": feeds.addresses(user)})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.RESPOND)
def override(request: HttpRequest) -> HttpResponse:
    """The form alone: where a mistake in the sheet of the page leads to."""
    user = signed_in(request)
    form = OverrideForm(request.POST or None, by=user)
    if request.method == "POST" and form.is_valid():
        try:
            services.stand_in(by=user, at=clock.now(), **form.cleaned_data)
            return redirect("teams:on_call")
        except Refused as refused:
            form.add_error(None, str(refused))
    status = 400 if form.errors else 200
    return render(request, "teams/override.html", {"form": form}, status=status)


@require_POST
@needs(Action.RESPOND)
def end_override(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Override, pk=pk)
    return _done(request, lambda: services.end_override(row, by=signed_in(request), at=clock.now()))


@require_POST
@needs(Action.RESPOND)
def ask_swap(request: HttpRequest) -> HttpResponse:
    form = SpanForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This turn could not be read. Ask again from the list."))
        return redirect("teams:on_call")
    asked, user = form.cleaned_data, signed_in(request)
    return _done(request, lambda: services.ask_swap(by=user, at=clock.now(), **asked))


@require_POST
@needs(Action.RESPOND)
def take_swap(request: HttpRequest, pk: int) -> HttpResponse:
    swap = get_object_or_404(Swap.objects.select_related("rotation"), pk=pk)
    return _done(request, lambda: services.take_swap(swap, by=signed_in(request), at=clock.now()))


@require_POST
@needs(Action.RESPOND)
def withdraw_swap(request: HttpRequest, pk: int) -> HttpResponse:
    swap = get_object_or_404(Swap, pk=pk)
    return _done(
        request, lambda: services.withdraw_swap(swap, by=signed_in(request), at=clock.now())
    )


@require_POST
@needs(Action.READ)
def new_address(request: HttpRequest) -> HttpResponse:
    services.new_calendar_address(signed_in(request))
    messages.success(request, _("The old calendar addresses are dead; the new ones are below."))
    return redirect("teams:on_call")


@require_GET
@login_not_required
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """For calendar programs, which cannot sign in: the address is the key."""
    feed = feeds.feed_behind(token)
    if feed is None:
        raise Http404
    body = feeds.calendar(feed, at=clock.now())
    etag = quote_etag(tokens.hashed(body.decode()))
    if unchanged := get_conditional_response(request, etag=etag):
        return unchanged
    return HttpResponse(
        body,
        content_type="text/calendar; charset=utf-8",
        headers={"ETag": etag, "Cache-Control": "private, max-age=300"},
    )


def _done(request: HttpRequest, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("teams:on_call")
