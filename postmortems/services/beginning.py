"""Postmortems begin by themselves when their incident is resolved; after a second resolution facts are filled in anew."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F

from incidents.models import Incident, SeverityPolicy
from postmortems import facts
from postmortems.domain.states import OPEN
from postmortems.models import Moment, Postmortem
from postmortems.services.drafting import draft
from postmortems.services.keeping import keep_next, locked

LOOKED_BACK: Final = timedelta(days=2)  # what was resolved longer ago begins when somebody opens it
BATCH: Final = 50


def begin_due(*, at: datetime) -> int:
    """Of each incident whose severity asks for one. Twice at once: there is one per incident."""
    owing = SeverityPolicy.objects.filter(postmortem_due__isnull=False).values("severity")
    fresh = Incident.objects.resolved().counted().filter(resolved_at__gt=at - LOOKED_BACK)
    due = fresh.filter(severity__in=owing, postmortem=None).order_by("resolved_at")[:BATCH]
    for incident in due:
        draft(incident, by=None, at=at)
    return len(due) + _refresh(at=at)


def _refresh(*, at: datetime) -> int:
    again = Postmortem.objects.filter(state__in=OPEN, incident__resolved_at__gt=at - LOOKED_BACK)
    rows = list(again.exclude(drafted_of=F("incident__resolved_at"))[:BATCH])
    for postmortem in rows:
        _anew(postmortem, at=at)
    return len(rows)


@transaction.atomic
def _anew(postmortem: Postmortem, *, at: datetime) -> None:
    """What a person has put in other words stays theirs."""
    now = locked(postmortem)
    incident = now.incident
    if incident.is_open or now.drafted_of == incident.resolved_at:
        return
    drafted = now.versions.order_by("number").values_list("content", flat=True).first() or {}
    for name, said in facts.summaries(incident).items():
        if getattr(now, name) == drafted.get("texts", {}).get(name):
            setattr(now, name, said)
    seqs = facts.moments(incident)
    Moment.objects.bulk_create(
        (Moment(postmortem=now, seq=seq) for seq in seqs), ignore_conflicts=True
    )  # fmt: skip
    for one in facts.affected(incident):
        now.impacts.update_or_create(
            service=one.service, defaults={"began_at": one.began_at, "ended_at": one.ended_at}
        )
    now.drafted_of = incident.resolved_at
    now.save()
    keep_next(now, by=None, at=at)
