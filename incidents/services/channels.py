"""Channels that were asked for are opened. Any number of workers may do this, and any of them may die.

1. Claim one due row until its lease ends: whoever dies in the middle, another goes on.
2. Create the channel, and write down its id at once. A taken name is ours if it was made since it
   was asked for, by an attempt whose answer was lost; else the next name is tried.
3. Invite who is not there yet; topic and bookmark. All of it may be done twice.
4. Finish: one line on the timeline and the card, once. Failures wait as the outbox's do.
"""

import random
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from incidents.domain.naming import channel_name
from incidents.domain.paging import Page
from incidents.models import Assembly, Incident
from incidents.services import timeline
from incidents.services.notices import notices
from incidents.services.policies import read_book
from incidents.services.timeline import Entry
from integrations import slack_channels as slack
from integrations.slack import SlackRefused, SlackUnanswered
from notifications import queries as sent
from notifications import services as outbox
from notifications.domain.retry import give_up, wait_after
from teams.models import ContactMethod

LEASE: Final = timedelta(seconds=60)
NAMES: Final = 5


class Overtaken(Exception):
    """The lease ended, and another worker goes on."""


def open_due(*, at: datetime) -> int:
    row = _claim(at)
    if row is None:
        return 0
    try:
        if not row.incident.is_open and not row.channel:
            _write(row, due_at=None)  # over before anybody needed it
            return 1
        _open(row)
        _finish(row, at=at)
    except SlackRefused as refused:
        _fail(row, refused.reason, permanent=not refused.passing, wait=refused.wait, at=at)
    except SlackUnanswered as lost:
        _fail(row, str(lost), permanent=False, wait=None, at=at)
    except Overtaken:
        pass
    return 1


def _claim(at: datetime) -> Assembly | None:
    with transaction.atomic():
        due = Assembly.objects.filter(due_at__lte=at).order_by("due_at").select_related("incident")
        row = due.select_for_update(skip_locked=True, of=("self",)).first()
        if row is None:
            return None
        row.attempts, row.due_at = row.attempts + 1, at + LEASE
        row.save(update_fields=["attempts", "due_at"])
        return row


def _open(row: Assembly) -> None:
    if not row.channel:
        name, channel = _channel(row)
        _write(row, name=name, channel=channel)
    if missing := sorted(_wanted(row.incident) - set(row.invited)):
        slack.invite(row.channel, missing)
        _write(row, invited=[*row.invited, *missing])
    if not row.furnished:
        slack.set_topic(row.channel, _topic(row.incident))
        with translation.override(settings.LANGUAGE_CODE):
            slack.bookmark(row.channel, _("Incident room"), _room(row.incident))
        _write(row, furnished=True)


def _channel(row: Assembly) -> tuple[str, str]:
    slugs = " ".join(service.slug for service in row.incident.services.all())
    for turn in range(NAMES):
        name = channel_name(row.incident_id, slugs or row.incident.title, turn=turn)
        channel = slack.create(name) or slack.made_since(name, since=row.asked_at)
        if channel:
            return name, channel
    raise SlackRefused("name_taken", status=200, retry_after="")


def _wanted(incident: Incident) -> set[str]:
    """The Slack accounts of who was paged, or has a role."""
    people = sent.who_was_paged([incident.topic]).get(incident.topic, set())
    people |= {held.user_id for held in incident.roles_now}
    ways = ContactMethod.objects.filter(channel="slack", enabled=True, user__in=people)
    return {address for address in ways.values_list("address", flat=True) if address[:1] in "UW"}


def _finish(row: Assembly, *, at: datetime) -> None:
    with transaction.atomic():
        incident = Incident.objects.select_for_update().get(pk=row.incident_id)
        first = row.opened_at is None
        later = at if _wanted(incident) - set(row.invited) else None  # told meanwhile
        _write(row, opened_at=row.opened_at or at, due_at=later, attempts=0, error="")
        if first:
            data = {"name": row.name, "people": len(row.invited)}
            timeline.append(incident, Entry("channel_opened", at, data=data))
            _card(incident, row, at=at)


def _card(incident: Incident, row: Assembly, *, at: datetime) -> None:
    to = Page(None, f"#{row.name}", settings.LANGUAGE_CODE, "slack", row.channel)
    [card] = notices(
        incident,
        [to],
        book=read_book(at=at),
        step="card",
        headline=lambda: _("The team meets here"),
        at=at,
    )
    card.noted = True
    card.context |= {"link": _room(incident)}
    outbox.queue([card])


def _fail(row: Assembly, error: str, *, permanent: bool, wait: int | None, at: datetime) -> None:
    with transaction.atomic():
        incident = Incident.objects.select_for_update().get(pk=row.incident_id)
        over = give_up(row.attempts, permanent=permanent)
        later = None if over else at + wait_after(row.attempts, asked=wait, jitter=random.random())  # noqa: S311 - no secret
        _write(row, due_at=later, error=error[:200])
        if over:
            timeline.append(incident, Entry("channel_failed", at, data={"error": error[:200]}))


def _write(row: Assembly, **fields: Any) -> None:
    """Fenced by the lease's end: a stale worker cannot overwrite what its successor did."""
    mine = Assembly.objects.filter(pk=row.pk, due_at=row.due_at)
    if not mine.update(**fields):
        raise Overtaken
    for name, value in fields.items():
        setattr(row, name, value)


def _topic(incident: Incident) -> str:
    return f"{incident.severity} #{incident.number} {incident.title}"


def _room(incident: Incident) -> str:
    return f"{settings.BASE_URL}{incident.get_absolute_url()}"
