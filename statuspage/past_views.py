"""The past put right: an incident that was never told is added, times are corrected, what was added is taken back."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import clock
from core.errors import Refused
from statuspage import services
from statuspage.domain.backfill import in_order
from statuspage.domain.effects import Effect
from statuspage.domain.phases import OVER
from statuspage.models import Correction, Notice
from statuspage.past_forms import Desk, PastDesk, TakeBackForm, TimesDesk, agreed, grown
from statuspage.services import Past, Times, Unfit
from teams.access import needs, signed_in
from teams.domain.roles import Action

Said = TypeVar("Said", Past, Times)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.COMMAND)
def add(request: HttpRequest) -> HttpResponse:
    """Typed, looked at with what it does to the figures, and then added."""
    desk, at = PastDesk(_sent(request)), clock.now()

    def look() -> tuple[Past, list[Effect]]:
        past = desk.past()
        services.check(past, at=at)
        return past, services.effects_of(past.spells, at=at)

    def save(past: Past) -> HttpResponse:
        key = desk.form.cleaned_data["key"]
        notice = services.backfill(past, key=key, by=signed_in(request), at=at)
        messages.success(request, _("Added to the past. Nobody is told of it."))
        return redirect("statuspage:write", notice.public_id)

    return _looked_at(request, desk, look, save, {})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.COMMAND)
def times(request: HttpRequest, public_id: str) -> HttpResponse:
    notice = get_object_or_404(_over(), public_id=public_id)
    desk, at = TimesDesk(_sent(request), notice), clock.now()

    def look() -> tuple[Times, list[Effect]]:
        said = desk.times()
        services.check_times(notice, said, at=at)
        return said, services.effects_of_times(notice, said, at=at)

    def save(said: Times) -> HttpResponse:
        seen = desk.form.cleaned_data["seen"]
        services.put_right(notice, said, seen=seen, by=signed_in(request), at=at)
        messages.success(request, _("Put right. Customers see it within seconds."))
        return redirect("statuspage:write", public_id)

    corrections = Correction.objects.filter(interval__notice=notice)
    context = {
        "notice": notice,
        "corrections": corrections.select_related("by", "interval__component"),
    }
    return _looked_at(request, desk, look, save, context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.COMMAND)
def take_back(request: HttpRequest, public_id: str) -> HttpResponse:
    notice = get_object_or_404(_over().filter(backfilled=True), public_id=public_id)
    initial = {"seen": notice.updated_at.isoformat()}
    form, at = TakeBackForm(request.POST or None, initial=initial), clock.now()
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            services.take_back(
                notice, said["why_ko"], said["why_en"],
                seen=said["seen"], by=signed_in(request), at=at,
            )  # fmt: skip
            messages.success(request, _("Taken back. It is on the page no more."))
            return redirect("statuspage:list")
        except Refused as refused:
            form.add_error(None, str(refused))
    effects = services.effects_of_taking_back(notice, at=at)
    context = {"notice": notice, "form": form, "effects": effects}
    status = 400 if form.errors else 200
    return render(request, "statuspage/take_back.html", context, status=status)


def _over() -> Any:
    return Notice.objects.public().filter(phase__in=OVER)


def _sent(request: HttpRequest) -> Any:
    if request.method != "POST":
        return None
    return grown(request.POST, request.POST["more"]) if "more" in request.POST else request.POST


def _looked_at(
    request: HttpRequest,
    desk: Desk,
    look: Callable[[], tuple[Said, list[Effect]]],
    save: Callable[[Said], HttpResponse],
    context: dict[str, Any],
) -> HttpResponse:
    """Saved only as it was shown: what was typed, and what it does to the figures."""
    if request.method == "POST" and "more" not in request.POST and desk.is_valid():
        try:
            said, effects = look()
            proof = agreed(said, effects)
            if "save" in request.POST:
                if request.POST.get("agreed") == proof:
                    return save(said)
                messages.warning(
                    request, _("This is not what you looked at. Look again, then save.")
                )
            context |= {"agreed": proof, "effects": effects, "said": said, "words": _words(said)}
        except Unfit as unfit:
            desk.attach(unfit)
        except Refused as refused:
            desk.form.add_error(None, str(refused))
    asked = request.method == "POST" and "more" not in request.POST
    status = 400 if asked and desk.is_wrong else 200
    return render(request, "statuspage/past.html", {"desk": desk, **context}, status=status)


def _words(said: Past | Times) -> list[Any]:
    return in_order(said.words)[::-1] if isinstance(said, Past) else []
