"""What is due: nobody answered, or it is not over in time. Safe to run twice, late, or twice at once."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Q

from incidents.domain.escalation import Step
from incidents.domain.lifecycle import Status
from incidents.models import Answer, Event, Incident, IncidentQuerySet
from incidents.services import timeline
from incidents.services.grading import set_severity
from incidents.services.leading import tell_leaders
from incidents.services.paging import next_round, page
from incidents.services.policies import Book, read_book
from incidents.services.showing import show
from incidents.services.timeline import Entry
from notifications import queries as sent
from teams.models import User

BATCH = 100
MISSED: Final = Step(severity_team=True, contact=True)  # whom a missed resolution target calls


def escalate_due(*, at: datetime) -> int:
    """One severity up for each incident nobody answered in time, and paged again (M3.2)."""
    with transaction.atomic():
        due = _held(Incident.objects.filter(status=Status.TRIGGERED), "respond_by", at)
        book = read_book(at=at) if due else None
        paged = sent.who_was_paged(incident.topic for incident in due)
        for incident in due:
            if book:
                before = book.directory.people(sorted(paged.get(incident.topic, ())))
                _escalate(incident, book, before, at=at)
    return len(due)


def _escalate(incident: Incident, book: Book, before: Iterable[User], *, at: datetime) -> None:
    old, new = incident.severity, incident.level.one_up
    waited = book[old].respond_within
    if new != old:
        set_severity(incident, new, book, at=at)
    next_round(incident, response_breached=True, **book[new].response_clock(since=at))
    data = {"old": old, "new": new, "minutes": int(waited.total_seconds() // 60)}
    timeline.append(incident, Entry("escalated", at, data=data))
    also = [*before, *book.contact(old, incident.instead)]
    page(incident, book, why="escalated", at=at, also=also, again=True)
    if new != old:
        tell_leaders([incident], book, at=at)


def call_next(*, at: datetime) -> int:
    """The next step of the policy an incident opened under, while nobody has answered."""
    with transaction.atomic():
        waiting = Incident.objects.filter(status=Status.TRIGGERED).filter(respond_by__gt=at)
        due = _held(waiting, "escalate_at", at)
        book = read_book(at=at) if due else None
        for incident in due:
            if book:
                call_step(incident, book, at=at)
    return len(due)


def call_step(
    incident: Incident,
    book: Book,
    *,
    at: datetime,
    by: User | None = None,
    place: int | None = None,
    but: Collection[int] = (),
) -> None:
    """`by` somebody, before its time; another than the one that follows because of those who decline."""
    plan, place = incident.plan, incident.escalation_place + 1 if place is None else place
    next_round(incident, escalation_place=place, escalate_at=plan.next_at(place, called_at=at))
    steps = len(plan.steps)
    data: dict[str, Any] = {"step": place % steps + 1, "steps": steps, "lap": place // steps + 1}
    data |= {"early": True} if by else {"declined": True} if but else {}
    timeline.append(incident, Entry("next_step", at, by=by, data=data))
    page(incident, book, why="next_step", at=at, step=plan.step(place), but=but, again=True)


def lapse_answers(*, at: datetime) -> int:
    """Acknowledged, then forgotten: it calls again, unless somebody has done something since."""
    with transaction.atomic():
        answered = Incident.objects.filter(status=Status.ACKNOWLEDGED)
        due = _held(answered, "answer_lapses_at", at)
        book = read_book(at=at) if due else None
        for incident in due:
            if book:
                _lapse(incident, book, at=at)
    return len(due)


def _lapse(incident: Incident, book: Book, *, at: datetime) -> None:
    lasts = incident.plan.lasts
    last = _last_deed(incident)
    until = last + lasts if last and lasts else None
    if lasts is None or (until and until > at):
        Incident.objects.filter(pk=incident.pk).update(answer_lapses_at=until)
        return
    silent = [incident.acknowledged_by] if incident.acknowledged_by else []
    Answer.objects.filter(incident=incident).delete()
    next_round(
        incident, status=Status.TRIGGERED, acknowledged_at=None,
        acknowledged_by=None, answer_lapses_at=None,
        **book[incident.severity].response_clock(since=at),
    )  # fmt: skip
    names = ", ".join(person.name for person in silent)
    show(incident, at=at)
    data = {"name": names, "minutes": int(lasts.total_seconds() // 60)}
    timeline.append(incident, Entry("answer_lapsed", at, data=data))
    also = book.directory.people(person.pk for person in silent)
    page(incident, book, why="answer_lapsed", at=at, also=also, again=True)


def _last_deed(incident: Incident) -> datetime | None:
    """When a person last did something: what they write down late is a deed of now."""
    deeds = Event.objects.filter(incident=incident, actor_user__isnull=False)
    deed = deeds.exclude(kind="declined").last()
    if deed is None:
        return None
    written = deed.data.get("written_at")
    return datetime.fromisoformat(written) if written else deed.at


def mark_unresolved(*, at: datetime) -> int:
    """A missed resolution target is said once, and the escalation contact is told."""
    with transaction.atomic():
        open_ = Incident.objects.open().filter(resolution_breached=False)
        due = _held(open_, "resolve_by", at)
        book = read_book(at=at) if due else None
        for incident in due:
            if book:
                _mark(incident, book, at=at)
    return len(due)


def _mark(incident: Incident, book: Book, *, at: datetime) -> None:
    Incident.objects.filter(pk=incident.pk).update(resolution_breached=True)
    minutes = int(book[incident.severity].resolve_within.total_seconds() // 60)
    timeline.append(incident, Entry("resolution_missed", at, data={"minutes": minutes}))
    page(incident, book, why="unresolved", at=at, step=MISSED)


def _held(rows: IncidentQuerySet, clock: str, at: datetime) -> list[Incident]:
    # The plan is not joined: a row that changed meanwhile would come with the plan of before.
    due = rows.filter(Q(**{f"{clock}__lte": at})).order_by(clock).prefetch_related("escalation")
    return list(due.select_for_update(skip_locked=True, of=("self",))[:BATCH])
