"""What reviewers do: comment at a place, decide about suggestions, choose moments, compare versions."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import clock
from core.errors import Refused
from core.leafing import Leaves
from postmortems import services
from postmortems.forms import CommentForm
from postmortems.models import Comment, Postmortem, Suggestion
from postmortems.screens.record import told
from postmortems.screens.versions import compared
from teams.access import needs, signed_in
from teams.domain.roles import Action

ABOUT = Postmortem.objects.select_related("incident", "owner")
A_PAGE = 50
SHOWN = 1000  # events to choose from


@require_POST
@needs(Action.RESPOND)
def comment(request: HttpRequest, number: int) -> HttpResponse:
    postmortem, form = get_object_or_404(ABOUT, incident=number), CommentForm(request.POST)
    if not form.is_valid():
        wrong = [str(one) for errors in form.errors.values() for one in errors]
        messages.error(request, " ".join(wrong))
        return redirect(postmortem)
    said = form.cleaned_data
    return _done(
        request, postmortem,
        lambda: services.comment(postmortem, **said, by=signed_in(request), at=clock.now()),
        at=f"talk-{said['section']}",
    )  # fmt: skip


@require_POST
@needs(Action.RESPOND)
def resolve(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    said = get_object_or_404(
        Comment.objects.select_related("postmortem"), pk=pk, postmortem__incident=number
    )
    if "again" in request.POST:
        services.reopen_comment(said)
    else:
        services.resolve_comment(said, by=signed_in(request), at=clock.now())
    return redirect(f"{said.postmortem.get_absolute_url()}#talk-{said.section}")


@require_POST
@needs(Action.REVIEW)
def decide(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    rows = Suggestion.objects.select_related("postmortem")
    suggestion = get_object_or_404(rows, pk=pk, postmortem__incident=number)
    accept = request.POST.get("accept") == "1"
    return _done(
        request, suggestion.postmortem,
        lambda: services.decide(suggestion, accept=accept, by=signed_in(request), at=clock.now()),
        at="factors",
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.REVIEW)
def moments(request: HttpRequest, number: int) -> HttpResponse:
    postmortem = get_object_or_404(ABOUT, incident=number)
    shown = list(postmortem.incident.timeline.order_by("seq")[:SHOWN])
    chosen = set(postmortem.moments.values_list("seq", flat=True))
    if request.method == "POST":
        ticked = set(request.POST.getlist("seq"))
        seen = {one.seq for one in shown}
        seqs = {seq for seq in seen if str(seq) in ticked} | (chosen - seen)
        return _done(
            request, postmortem,
            lambda: services.choose(postmortem, seqs, by=signed_in(request), at=clock.now()),
            at="timeline",
        )  # fmt: skip
    context = {
        "postmortem": postmortem, "incident": postmortem.incident, "events": told(shown),
        "chosen": chosen,
    }  # fmt: skip
    return render(request, "postmortems/moments.html", context)


@require_GET
@needs(Action.READ)
def versions(request: HttpRequest, number: int) -> HttpResponse:
    postmortem = get_object_or_404(ABOUT, incident=number)
    asked = request.GET.get("page", "1")
    page = Leaves(postmortem.versions.defer("content"), A_PAGE, asked=asked).get_page(asked)
    context = {"postmortem": postmortem, "incident": postmortem.incident, "page": page}
    return render(request, "postmortems/versions.html", context)


@require_GET
@needs(Action.READ)
def version(request: HttpRequest, number: int, version: int) -> HttpResponse:
    """What it changed; nothing of a version that there is not."""
    postmortem = get_object_or_404(ABOUT, incident=number)
    found = compared(postmortem, version)
    if found is None:
        raise Http404
    context = {"postmortem": postmortem, "incident": postmortem.incident, "found": found}
    return render(request, "postmortems/version.html", context)


def _done(
    request: HttpRequest, postmortem: Postmortem, act: Callable[[], object], *, at: str
) -> HttpResponse:
    try:
        act()
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(f"{postmortem.get_absolute_url()}#{at}")
