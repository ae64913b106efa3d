"""Backups: how old the newest are, and one more now, or the proof that they come back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core import clock
from core.errors import Refused
from maintenance import services
from maintenance.models import BackupPlan, Routine
from maintenance.screens import backups as screen
from maintenance.services.asking_backups import ask_backup
from teams.access import needs, signed_in
from teams.domain.roles import Action


@require_GET
@needs(Action.READ)
def backups(request: HttpRequest) -> HttpResponse:
    shown = screen.overview(at=clock.now(), zone=timezone.get_current_timezone())
    may = signed_in(request).may(Action.COMMAND)
    return render(request, "maintenance/backups.html", {**shown, "may": may})


@require_POST
@needs(Action.COMMAND)
def back_up_now(request: HttpRequest, pk: int) -> HttpResponse:
    plan = get_object_or_404(BackupPlan, pk=pk)
    try:
        ask_backup(plan, at=clock.database_now())
        messages.success(request, _("It begins within minutes."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("maintenance:backups")


@require_POST
@needs(Action.COMMAND)
def prove_now(request: HttpRequest) -> HttpResponse:
    """The routine job that restores the newest of each plan, once more beside its months."""
    job = get_object_or_404(Routine.objects.known(), name=screen.PROOF)
    try:
        services.run_now(job, by=signed_in(request), at=clock.database_now())
        messages.success(request, _("It begins within a minute."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("maintenance:backups")
