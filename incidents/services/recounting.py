"""Another policy needs more answers, or fewer: what those who answered amount to by it."""

from datetime import datetime

from incidents.domain.lifecycle import Status
from incidents.models import Answer, Incident, SeverityPolicy
from incidents.services import timeline
from incidents.services.moving import move
from incidents.services.paging import next_round
from incidents.services.showing import show
from incidents.services.timeline import Entry


def recount(incident: Incident, policy: SeverityPolicy, *, at: datetime) -> bool:
    """Whether too few have answered an incident that counted as acknowledged: then it calls again.

    The caller holds the incident's row, has set its plan, and pages.
    """
    incident.refresh_from_db(fields=["page_round", "acknowledged_by", "acknowledged_at"])
    if incident.status == Status.TRIGGERED:
        _count_as_acknowledged(incident, at=at)
        return False
    if incident.status != Status.ACKNOWLEDGED:  # it is under way
        return False
    if _lacking(incident):
        _call_again(incident, policy, at=at)
        return True
    lasts = incident.plan.lasts
    incident.answer_lapses_at = at + lasts if lasts else None
    Incident.objects.filter(pk=incident.pk).update(answer_lapses_at=incident.answer_lapses_at)
    return False


def _count_as_acknowledged(incident: Incident, *, at: datetime) -> None:
    answers = list(incident.answers.select_related("user").order_by("at", "pk"))
    if not answers or len(answers) < incident.plan.answers:
        return
    lasts = incident.plan.lasts
    move(
        incident, Status.ACKNOWLEDGED, at=at, by=None, actor="", way={"counted": len(answers)},
        acknowledged_at=at, acknowledged_by=answers[-1].user,
        answer_lapses_at=at + lasts if lasts else None,
    )  # fmt: skip


def _lacking(incident: Incident) -> bool:
    """A machine that answered counts for all. The one answer that was enough stands in the incident only."""
    if incident.acknowledged_by is None or incident.plan.answers == 1:
        return False
    when = {"at": incident.acknowledged_at}
    Answer.objects.get_or_create(incident=incident, user=incident.acknowledged_by, defaults=when)
    return incident.answers.count() < incident.plan.answers


def _call_again(incident: Incident, policy: SeverityPolicy, *, at: datetime) -> None:
    clock = policy.response_clock(since=at) | {
        "escalation": incident.escalation,
        "escalation_place": 0,
        "escalate_at": incident.plan.next_at(0, called_at=at),
    }
    next_round(
        incident, status=Status.TRIGGERED, acknowledged_at=None, acknowledged_by=None,
        answer_lapses_at=None, **clock,
    )  # fmt: skip
    data = {"count": incident.answers.count(), "needed": incident.plan.answers}
    timeline.append(incident, Entry("answers_lacking", at, data=data))
    show(incident, at=at)
