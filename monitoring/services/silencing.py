"""Silences: made, changed and ended by people and by their tools."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from monitoring.domain.matching import Matcher, choosy
from monitoring.models import Alert, Integration, Silence
from monitoring.services.quieting import begin, wake
from teams.models import User


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
    if ends_at <= starts_at:
        raise Refused(_("A silence ends after it starts, and not in the past."))
    with transaction.atomic():
        made = Silence.objects.create(
            matchers=[matcher.as_json() for matcher in choosy(matchers)],
            starts_at=starts_at, ends_at=ends_at, comment=comment, created_by=created_by[:150],
            by=by, integration=integration, created_at=at,
        )  # fmt: skip
        if starts_at == at:
            begin(made, at=at)
    return made


def update_silence(old: Silence, matchers: Sequence[Matcher], **facts: Any) -> Silence:
    """The old one ends and a new one follows, at one moment: what is quiet of both stays quiet.

    Raises BadMatcher or Refused, and then nothing has changed.
    """
    with transaction.atomic():
        made = silence(matchers, by=old.by, integration=old.integration, **facts)
        expire_silence(old, at=facts["at"])
    return made


def expire_silence(silence: Silence, *, at: datetime) -> bool:
    """End it now; False when it was over already. What still fires is read again, and calls."""
    with transaction.atomic():
        ended = Silence.objects.filter(pk=silence.pk, expired_at=None, ends_at__gt=at)
        if not ended.update(expired_at=at):
            return False
        wake(Alert.objects.filter(silence=silence, muted_until__isnull=False))
    return True


def restore_silence(silence: Silence, *, at: datetime) -> bool:
    """Take an early end back; False when its time has passed meanwhile."""
    with transaction.atomic():
        ended = Silence.objects.filter(pk=silence.pk, expired_at__isnull=False, ends_at__gt=at)
        if not ended.update(expired_at=None):
            return False
        silence.refresh_from_db()
        begin(silence, at=at)
    return True
