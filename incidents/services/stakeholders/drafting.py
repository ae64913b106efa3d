"""What the rules make of an occasion: drafts that wait, and messages that go by themselves.

Any number of workers may ask: one drafts at a time, since what goes at once depends on what went
lately, of any incident. Whoever was told nothing before it was over is told nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.db.models import F, Max, Window
from django.db.models.functions import RowNumber

from core.rows import save_all
from incidents.domain.stakeholders import (
    AT_ONCE,
    ENOUGH,
    GATHER,
    Happened,
    Happening,
    Told,
    called_for,
    gathered,
    goes_at,
    latest,
)
from incidents.models import Event, Incident, SeverityPolicy, StakeholderRule
from incidents.models.messages import (
    RELEASED,
    TEXTS,
    MessageState,
    Occasion,
    StakeholderMessage,
)
from incidents.services import timeline
from incidents.services.stakeholders import briefing
from incidents.services.stakeholders.entries import entry, released
from incidents.services.stakeholders.facts import About, worded
from incidents.services.timeline import Entry

BATCH: Final = 50
LOCK: Final = 0x5A3B1EB  # or each of two workers would let its own first few of a storm go at once
ENDING: Final = {Happened.RESOLVED}


@dataclass
class Desk:
    """What is read once for a batch, and what the batch makes."""

    rules: dict[int, StakeholderRule]
    policies: dict[str, SeverityPolicy]
    told: dict[int, set[str]]
    waiting: dict[int, list[StakeholderMessage]]
    lately: list[Told]  # by itself and at once
    new: list[StakeholderMessage] = field(default_factory=list)
    changed: list[StakeholderMessage] = field(default_factory=list)


def draft_due(*, at: datetime) -> int:
    """A batch of occasions, in a fixed number of statements."""
    with transaction.atomic():
        # Before the rows, and waited for: whoever let go too early would leave its occasion behind.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        asked = Occasion.objects.order_by("pk").values_list("incident_id", flat=True)[:BATCH]
        free = Incident.objects.select_for_update(skip_locked=True).order_by("number")
        incidents = free.prefetch_related("services").in_bulk(set(asked))
        occasions = list(Occasion.objects.filter(incident__in=incidents).order_by("pk")[:BATCH])
        if occasions:
            _follow_all(occasions, incidents, at=at)
            Occasion.objects.filter(pk__in=[each.pk for each in occasions]).delete()
    return len(occasions)


def _follow_all(
    occasions: Sequence[Occasion], incidents: dict[int, Incident], *, at: datetime
) -> None:
    desk = _desk(incidents, at)
    events: list[Event] = []
    for occasion in occasions:
        incident = incidents[occasion.incident_id]
        events += timeline.chained(incident, _follow(occasion, incident, desk, at=at))
    StakeholderMessage.objects.bulk_create(desk.new)
    save_all(desk.changed, ["state", "version", *TEXTS])
    briefing.promise(desk.new, desk.policies, at=at)
    briefing.follow(occasions, incidents, desk.policies, at=at)
    timeline.write(events, incidents.values())


def _desk(incidents: Iterable[int], at: datetime) -> Desk:
    rules = StakeholderRule.objects.filter(enabled=True).select_related("group", "template")
    known = StakeholderMessage.objects.filter(incident__in=incidents).select_related("group")
    told, waiting = defaultdict(set), defaultdict(list)
    for number, slug in known.filter(state__in=RELEASED).values_list("incident", "group__slug"):
        told[number].add(slug)
    for draft in known.drafts():
        waiting[draft.incident_id].append(draft)
    policies = {row.severity: row for row in SeverityPolicy.objects.all()}
    return Desk(rules.prefetch_related("services").in_bulk(), policies, told, waiting, _lately(at))


def _lately(at: datetime) -> list[Told]:
    """As many as `latest` would keep: in a storm there are thousands."""
    sent = StakeholderMessage.objects.filter(
        automatic=True, urgency__in=AT_ONCE, state__in=RELEASED, goes_at__gt=at - GATHER
    )
    each = sent.values_list("group", "incident", "incident__severity").annotate(last=Max("goes_at"))
    place = Window(
        RowNumber(), partition_by=["group", "incident__severity"], order_by=F("last").desc()
    )
    return [Told(*row[:4]) for row in each.annotate(place=place).filter(place__lte=ENOUGH)]


def _follow(occasion: Occasion, incident: Incident, desk: Desk, *, at: datetime) -> Iterable[Entry]:
    """First what no longer holds is withdrawn, then the rules are asked."""
    if incident.is_open == (occasion.event in ENDING):
        return  # it is over already, or came back: the next occasion says so
    yield from _withdraw_outdated(occasion, incident, desk, at=at)
    services = list(incident.services.all())
    about = About(incident, services, desk.policies[incident.severity], at)
    corrected = occasion.event == Happened.CORRECTED
    if corrected:
        _put_right(about, desk)
        occasion.event = Happened.OPENED
    happening = Happening(
        occasion.event,
        occasion.severity,
        frozenset(service.slug for service in services),
        incident.customer_impact,
        frozenset(desk.told[incident.pk]),
    )
    asked = [
        rule.plain for rule in desk.rules.values() if occasion.group_id in {None, rule.group_id}
    ]
    for rule in called_for(asked, happening):
        # Whoever knows of it already hears the right words with the next news.
        if not (corrected and rule.group in happening.told):
            yield from _apply(desk.rules[rule.key], occasion, about, desk)


def _put_right(about: About, desk: Desk) -> None:
    for draft in desk.waiting[about.incident.pk]:
        if rule := desk.rules.get(draft.rule_id or 0):
            _refresh(draft, worded(rule.template, about), desk)


def _withdraw_outdated(
    occasion: Occasion, incident: Incident, desk: Desk, *, at: datetime
) -> Iterable[Entry]:
    for draft in list(desk.waiting[incident.pk]):
        if _is_outdated(draft, occasion, incident, desk):
            desk.waiting[incident.pk].remove(draft)
            draft.state = MessageState.WITHDRAWN
            desk.changed.append(draft)
            yield entry("withdrawn", draft, at, why=occasion.event)


def _is_outdated(
    draft: StakeholderMessage, occasion: Occasion, incident: Incident, desk: Desk
) -> bool:
    """At the end whatever says that it goes on; when it came back, the news of its end."""
    if occasion.event == Happened.IMPACT:
        rule = desk.rules.get(draft.rule_id or 0)
        return bool(rule and rule.customer_impact and not incident.customer_impact)
    if occasion.event in {Happened.OPENED, Happened.RESOLVED}:
        return (draft.event in ENDING) != (occasion.event in ENDING)
    return False


def _apply(rule: StakeholderRule, occasion: Occasion, about: About, desk: Desk) -> Iterable[Entry]:
    texts, number = worded(rule.template, about), about.incident.pk
    standing = next((m for m in desk.waiting[number] if m.rule_id == rule.pk), None)
    if standing:
        _refresh(standing, texts, desk)
        return
    message = _message(rule, occasion, about, texts, desk)
    desk.new.append(message)
    if message.automatic:
        desk.told[number].add(rule.group.slug)
        yield released(message, about.at)
    else:
        desk.waiting[number].append(message)
        yield entry("drafted", message, about.at)


def _refresh(standing: StakeholderMessage, texts: dict[str, str], desk: Desk) -> None:
    """The facts moved on; what a person wrote stays as it is."""
    if standing.written_by_id is not None or standing.texts == texts:
        return
    for name, text in texts.items():
        setattr(standing, name, text)
    standing.version += 1
    if standing not in (*desk.new, *desk.changed):
        desk.changed.append(standing)


def _message(
    rule: StakeholderRule, occasion: Occasion, about: About, texts: dict[str, str], desk: Desk
) -> StakeholderMessage:
    at, external = about.at, rule.group.is_external
    message = StakeholderMessage(
        incident=about.incident, group=rule.group, rule=rule, event=occasion.event,
        urgency=rule.urgency, external=external, second_person=rule.second_person,
        automatic=rule.automatic and not external, drafted_at=at, **texts,
    )  # fmt: skip
    if message.automatic:
        message.state, message.approved_at = MessageState.APPROVED, at
        message.goes_at = goes_at(rule.urgency, at=at)
        if rule.urgency in AT_ONCE:
            told = Told(rule.group_id, about.incident.pk, about.incident.severity, at)
            message.goes_at = gathered(told, desk.lately)
            desk.lately = latest([*desk.lately, replace(told, at=message.goes_at)])
    return message
