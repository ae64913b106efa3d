"""Rounds of checklists: read by everybody, answered by whoever responds, signed for the company."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from core import clock
from core.downloads import attachment
from core.errors import Refused
from core.uploads import MOST
from maintenance.forms_checklists import AnswerForm, EvidenceForm, HandForm, SignForm
from maintenance.models import Round, RoundAnswer, RoundFile, RoundFileContent
from maintenance.rounds import rounds
from maintenance.screens import checklists as screen
from maintenance.services import answering
from teams.access import needs, signed_in
from teams.domain.roles import Action


@require_GET
@needs(Action.READ)
def one(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(rounds(), pk=pk)
    context = screen.round_page(row, signed_in(request), at=clock.now())
    hand = HandForm(initial={"owner": row.owner, "due": row.due})
    hand.fields["due"].widget.attrs.update(min=row.first.isoformat(), max=row.latest.isoformat())
    return render(
        request, "maintenance/round.html", {**context, "hand": hand, "sign_form": SignForm()}
    )


@require_POST
@needs(Action.RESPOND)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(RoundAnswer.objects.select_related("round"), pk=pk)
    form, wrong = AnswerForm(row, request.POST), ""
    if form.is_valid():
        said = form.cleaned_data
        try:
            answering.answer(
                row, said["said"], note=said["note"], link=said["link"], seen=said["version"],
                by=signed_in(request), at=clock.database_now(),
            )  # fmt: skip
            return _item(request, row)
        except Refused as refused:
            wrong = str(refused)
    return _item(request, row, form=form, wrong=wrong or _("See the fields marked below."))


def _item(request: HttpRequest, row: RoundAnswer, **more: Any) -> HttpResponse:
    """The item alone where it was asked for; what was typed stays there when it was refused."""
    if not request.htmx:  # type: ignore[attr-defined]
        if more:
            messages.warning(request, more["wrong"])
        return redirect(f"{row.round.get_absolute_url()}#item-{row.pk}")
    [item] = screen.items_of(row.round, [row.pk])
    if more:
        may = screen.may(row.round, signed_in(request))
        context = {"item": item, **may, **more}
        return render(request, "maintenance/_round_item.html", context, status=422)
    fresh = rounds().get(pk=row.round_id)
    whole = screen.standing(fresh, signed_in(request), at=clock.now())
    return render(
        request, "maintenance/round_saved.html", {"item": item, "sign_form": SignForm(), **whole}
    )


@require_POST
@needs(Action.RESPOND)
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(RoundAnswer.objects.select_related("round"), pk=pk)
    too_much = int(request.META.get("CONTENT_LENGTH") or 0) > MOST
    form = EvidenceForm(request.POST, request.FILES, too_much=too_much)
    if not form.is_valid():
        return _proof(request, row, " ".join(map(str, form.errors.get("file", []))))
    given: dict[str, Any] = {"by": signed_in(request), "at": clock.database_now()}
    try:
        answering.attach(row, **form.cleaned_data, **given)
    except Refused as refused:
        return _proof(request, row, str(refused))
    return _proof(request, row)


def _proof(request: HttpRequest, row: RoundAnswer, wrong: str = "") -> HttpResponse:
    """The files of an item alone: what is typed beside them, and not saved yet, stays."""
    if not request.htmx:  # type: ignore[attr-defined]
        if wrong:
            messages.warning(request, wrong)
        return _back(row)
    [item] = screen.items_of(row.round, [row.pk])
    fresh = rounds().get(pk=row.round_id)
    whole = screen.standing(fresh, signed_in(request), at=clock.now())
    told = {"item": item, "refused": wrong, "sign_form": SignForm(), **whole}
    return render(request, "maintenance/round_proof.html", told, status=422 if wrong else 200)


@require_GET
@never_cache
@needs(Action.READ)
def download(request: HttpRequest, pk: int) -> HttpResponse:
    kept = get_object_or_404(RoundFile, pk=pk, removed=False)
    body = get_object_or_404(RoundFileContent, file=kept).body
    return attachment(kept.name, kept.kind, body)


@require_POST
@needs(Action.COMMAND)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    kept = get_object_or_404(RoundFile.objects.select_related("answer__round"), pk=pk)
    try:
        answering.remove_file(kept)
    except Refused as refused:
        return _proof(request, kept.answer, str(refused))
    return _proof(request, kept.answer)


@require_POST
@needs(Action.COMMAND)
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = get_object_or_404(Round, pk=pk), HandForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Choose an owner and a date."))
        return redirect(row)
    to, due = form.cleaned_data["owner"], form.cleaned_data["due"]
    given: dict[str, Any] = {"by": signed_in(request), "at": clock.database_now()}
    return _done(request, row, lambda: answering.hand_over(row, to=to, due=due, **given))


@require_POST
@needs(Action.SIGN)
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = get_object_or_404(Round, pk=pk), SignForm(request.POST)
    remark = form.cleaned_data["remark"] if form.is_valid() else ""
    given: dict[str, Any] = {"by": signed_in(request), "at": clock.database_now()}
    return _done(request, row, lambda: answering.sign(row, remark=remark, **given))


def _done(request: HttpRequest, row: Round | RoundAnswer, act: Any) -> HttpResponse:
    try:
        act()
    except Refused as refused:
        messages.warning(request, str(refused))
    return _back(row)


def _back(row: Round | RoundAnswer) -> HttpResponse:
    if isinstance(row, RoundAnswer):
        return redirect(f"{row.round.get_absolute_url()}#item-{row.pk}")
    return redirect(row)
