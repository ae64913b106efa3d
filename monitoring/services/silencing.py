"""Silences and maintenance windows: made and changed by people and by their tools."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from monitoring.domain.matching import Matcher, choosy
from monitoring.models import Integration, MaintenanceWindow, Silence
from monitoring.services.quieting import begin, end_early
from teams.models import Service, User


def silence(
    matchers: Sequence[Matcher],
    *,
    starts_at: datetime,
    ends_at: datetime,
    created_by: str,
    at: datetime,
    comment: str = "",
    by: User | None = None,
    integration: Integration | None = None,
) -> Silence:
    """Alerts that fit call nobody while it lasts. Raises BadMatcher or Refused."""
    starts_at = max(starts_at, at)  # what has been said was said
    refuse_backwards(starts_at, ends_at)
    with transaction.atomic():
        made = Silence.objects.create(
            matchers=[matcher.as_json() for matcher in choosy(matchers)],
            starts_at=starts_at, ends_at=ends_at, comment=comment, created_by=created_by[:150],
            by=by, integration=integration, created_at=at,
        )  # fmt: skip
        if starts_at == at:
            begin(made, at=at)
    return made


def refuse_backwards(starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        raise Refused(_("It ends after it starts, and not in the past."))


def update_silence(old: Silence, matchers: Sequence[Matcher], **facts: Any) -> Silence:
    """The old one ends and a new one follows, at one moment: what is quiet of both stays quiet.

    Raises BadMatcher or Refused, and then nothing has changed.
    """
    with transaction.atomic():
        made = silence(matchers, by=old.by, integration=old.integration, **facts)
        end_early(old, at=facts["at"])
    return made


def plan_maintenance(
    name: str,
    *,
    starts_at: datetime,
    ends_at: datetime,
    by: User,
    at: datetime,
    services: Sequence[Service] = (),
    p0_breaks_through: bool = True,
) -> MaintenanceWindow:
    """What these services say meanwhile, or all when none is named, calls nobody."""
    starts_at = max(starts_at, at)
    refuse_backwards(starts_at, ends_at)
    with transaction.atomic():
        made = MaintenanceWindow.objects.create(
            name=name, starts_at=starts_at, ends_at=ends_at, by=by, created_by=by.name[:150],
            p0_breaks_through=p0_breaks_through, created_at=at,
        )  # fmt: skip
        made.services.set(services)
        if starts_at == at:
            begin(made, at=at)
    return made
