"""Channels that were asked for are opened. Any number of workers may do this, and any of them may die.

1. Claim one due row until its lease ends: whoever dies in the middle, another goes on.
2. Create the channel, and write down its id at once. A taken name is ours if it was made since it
   was asked for, by an attempt whose answer was lost; else the next name is tried.
3. Invite who is not there yet; topic and bookmark. All of it may be done twice.
4. Finish: one line on the timeline and the card, once. Failures wait as the outbox's do.

The topic follows the incident. When that is over the channel is told, and archived once the
postmortem is published or a few days have passed.
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from incidents.domain.naming import channel_name
from incidents.domain.paging import Page
from incidents.models import Assembly, Incident, StatusName
from incidents.services import timeline
from incidents.services.notices import CARD, notices
from incidents.services.policies import read_book
from incidents.services.timeline import Entry
from integrations import slack_channels as slack
from integrations.slack import SlackRefused, SlackUnanswered
from notifications import queries as sent
from notifications import services as outbox
from notifications.domain.retry import give_up, wait_after
from notifications.models import Delivery
from teams.models import ContactMethod

LEASE: Final = timedelta(seconds=60)
NAMES: Final = 5
KEPT: Final = timedelta(days=3)  # after the end, for what is still to be said there


class Overtaken(Exception):
    """The lease ended, and another worker goes on."""


def open_due(*, at: datetime) -> int:
    row = _claim(at)
    if row is None:
        return 0
    try:
        _carry_out(row, at=at)
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


def _carry_out(row: Assembly, *, at: datetime) -> None:
    incident = row.incident
    if not incident.is_open and (row.archived_at or not row.channel):
        _write(row, due_at=None)  # done with, or over before anybody needed it
        return
    if incident.is_open and (row.archived_at or row.dismissed):
        _take_up_again(row)
    _open(row)
    if incident.resolved_at and (row.dismissed or at >= incident.resolved_at + KEPT):
        slack.archive(row.channel)
        _write(row, archived_at=at)
    _finish(row, at=at)


def _take_up_again(row: Assembly) -> None:
    """Reopened. A bot may not bring back what it archived: there will be a new channel."""
    fresh = {"channel": "", "name": "", "invited": [], "furnished": False, "topic": ""}
    gone = fresh | {"archived_at": None, "opened_at": None} if row.archived_at else {}
    _write(row, dismissed=False, **gone)


def _open(row: Assembly) -> None:
    if not row.channel:
        name, channel = _channel(row)
        _write(row, name=name, channel=channel)
    if missing := sorted(_wanted(row.incident) - set(row.invited)):
        slack.invite(row.channel, missing)
        _write(row, invited=[*row.invited, *missing])
    if row.topic != (topic := _topic(row.incident)):
        slack.set_topic(row.channel, topic)
        _write(row, topic=topic)
    if not row.furnished:
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
        later = _next_look(incident, row, at=at)
        _write(row, opened_at=row.opened_at or at, due_at=later, attempts=0, error="")
        if first:
            data = {"name": row.name, "people": len(row.invited)}
            timeline.append(incident, Entry("channel_opened", at, data=data))
        if first and incident.is_open:
            card = _said(incident, row, CARD, lambda: _("The team meets here"), at=at)
            card.context |= {"link": _room(incident)}
            outbox.queue([card])
        if not incident.is_open and not row.archived_at:
            step = f"closing:{incident.page_round}"  # once for each end
            outbox.queue([_said(incident, row, step, lambda: _closing(incident), at=at)])


def _next_look(incident: Incident, row: Assembly, *, at: datetime) -> datetime | None:
    """At once, where something has changed meanwhile; when it may be archived, where it is over."""
    if incident.resolved_at:
        return None if row.archived_at else max(at, incident.resolved_at + KEPT)
    changed = _wanted(incident) - set(row.invited) or row.topic != _topic(incident)
    return at if changed else None


def _said(
    incident: Incident, row: Assembly, step: str, headline: Callable[[], str], *, at: datetime
) -> Delivery:
    to = Page(None, f"#{row.name}", settings.LANGUAGE_CODE, "slack", row.channel)
    book = read_book(at=at)
    [message] = notices(incident, [to], book=book, step=step, headline=headline, at=at)
    message.noted = True
    return message


def _closing(incident: Incident) -> str:
    if incident.merged_into_id:
        return _("It goes on as #%(number)s. This channel will be archived.") % {
            "number": incident.merged_into_id
        }
    return _(
        "It is over. This channel will be archived when the postmortem is published, "
        "or in %(days)s days."
    ) % {"days": KEPT.days}


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
    with translation.override(settings.LANGUAGE_CODE):
        status = StatusName(incident.status).label
        who = incident.commander
        leads = _("commander %(name)s") % {"name": who.name} if who else _("no commander")
    said = f"{incident.severity} · {status} · {leads} · #{incident.number} {incident.title}"
    return said[: slack.LONGEST_TOPIC]


def _room(incident: Incident) -> str:
    return f"{settings.BASE_URL}{incident.get_absolute_url()}"
