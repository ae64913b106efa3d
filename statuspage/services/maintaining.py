"""Maintenance that customers are told of: it begins and ends by the clock, and mutes the alerts of its services."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from core.errors import Refused
from monitoring.models import MaintenanceWindow
from monitoring.services import plan_maintenance
from statuspage.domain.phases import Kind, Phase
from statuspage.domain.states import State
from statuspage.models import Component, Notice
from statuspage.services.drafting import Plan
from statuspage.services.saying import Words, say
from teams.models import Service, User

BATCH: Final = 100


@dataclass(frozen=True)
class Work:
    title_ko: str
    title_en: str
    body_ko: str
    body_en: str
    components: Sequence[Component]
    starts_at: datetime
    ends_at: datetime
    remind: Sequence[int] = ()  # minutes before it begins


def announce(work: Work, *, by: User, at: datetime) -> Notice:
    """Raises `Refused` if it ends before it begins, is over, or says nothing."""
    work = filled_in(work)
    with transaction.atomic():
        window = quiet_for(work, by=by, at=at)
        notice = Notice.objects.create(
            kind=Kind.MAINTENANCE, phase=Phase.SCHEDULED, title_ko=work.title_ko, title_en=work.title_en,
            started_at=work.starts_at, scheduled_for=work.starts_at, scheduled_until=work.ends_at,
            window=window, remind=sorted(work.remind),
        )  # fmt: skip
        states = dict.fromkeys(work.components, State.MAINTENANCE)
        say(notice, Words(Phase.SCHEDULED, work.body_ko, work.body_en, states), by=by, at=at)
    return notice


def filled_in(work: Work) -> Work:
    """With names and times where its words have gaps for them, as they are in the end."""
    plan = Plan(work.components, work.starts_at, work.ends_at)
    return replace(
        work, body_ko=plan.put_into(work.body_ko, "ko"), body_en=plan.put_into(work.body_en, "en")
    )


def quiet_for(work: Work, *, by: User, at: datetime) -> MaintenanceWindow | None:
    """None for components that stand on no service: a window of none would quiet everything."""
    if work.ends_at <= max(work.starts_at, at):
        raise Refused(_("It would be over before it begins."))
    services = list(Service.objects.filter(components__in=work.components).distinct())
    if not services:
        return None
    return plan_maintenance(
        (work.title_ko or work.title_en)[:200], starts_at=work.starts_at, ends_at=work.ends_at,
        by=by, at=at, services=services,
    )  # fmt: skip


def keep_time(*, at: datetime) -> int:
    """Those that are due begin and end; what a person said meanwhile stands."""
    rows = Notice.objects.public().going_on().filter(kind=Kind.MAINTENANCE)
    ended = list(rows.filter(scheduled_until__lte=at)[:BATCH])
    begun = list(rows.filter(phase=Phase.SCHEDULED, scheduled_for__lte=at, scheduled_until__gt=at))
    for notice in begun[:BATCH]:
        _say(notice, Phase.IN_PROGRESS, at)
    for notice in ended:
        _say(notice, Phase.COMPLETED, at)
    return len(begun) + len(ended)


def _say(notice: Notice, phase: Phase, at: datetime) -> None:
    words = Words(phase, _said(phase, "ko"), _said(phase, "en"), unless=notice.updated_at)
    try:
        say(notice, words, by=None, at=at)
    except Refused:
        return  # a person was faster; the next tick looks again


def _said(phase: Phase, language: str) -> str:
    with translation.override(language):
        if phase is Phase.IN_PROGRESS:
            return _("The maintenance has begun.")
        return _("The maintenance is over.")
