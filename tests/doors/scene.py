"""One of each thing that an address names, so that what is said about it is read and not only looked for."""

import uuid
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from core import clock
from energy.models import EnergyPolicy, Market, Purchase, Response, Step, Wallet
from incidents import services
from incidents.models import Incident
from incidents.services import stakeholders
from maintenance.models import (
    Backup,
    BackupPlan,
    Capacity,
    RestoreTest,
    Round,
    Routine,
    RoutineRun,
)
from maintenance.services import plan_due
from maintenance.services.answering import attach
from maintenance.services.checklists import begin_due
from monitoring import services as monitoring
from monitoring.domain.alerts import Signal
from monitoring.domain.matching import Matcher
from monitoring.models import (
    Anomaly,
    Check,
    HeartbeatMonitor,
    LogFinding,
    LogPattern,
    LogSource,
    LogTemplate,
    Metric,
    MetricState,
    Rule,
)  # fmt: skip
from notifications.links import answer_url
from notifications.models import Delivery
from postmortems.models import ImprovementReport, Postmortem
from postmortems.services import add_why, comment, draft
from runbooks.models import Action, Loosening
from runbooks.services import start as begin_run
from statuspage import tokens
from statuspage.domain.backfill import Word
from statuspage.domain.phases import Phase
from statuspage.models import Component, LetterName, Notice, Subscriber
from statuspage.services import Past, Work, announce, backfill, begin
from teams.feeds import addresses
from teams.models import ContactMethod, User
from teams.rotations import Override, Rotation, Swap
from teams.rules import NotificationRule
from teams.stakeholders import StakeholderGroup
from tests.incidents.messaging import MINE
from tests.incidents.test_evidence import LOG
from tests.runbooks.running import book, go, step

HOUR = timedelta(hours=1)
There = dict[str, dict[str, Any]]


def furnish(incident: Incident, by: User) -> There:
    """By a part of the address: what its names stand for there. The last part that fits counts."""
    at = clock.now()
    other = services.declare("입금 지연", severity="P2", by=by, at=at)
    services.resolve(other, by=by, at=at)
    written = draft(other, by=by, at=at)
    return (
        _of_incident(incident, by)
        | _of_postmortem(written, by)
        | _of_people(by)
        | _watched(by)
        | _told(incident, by)
        | _chain(by)
        | _reports()
        | _runbooks(incident, by)
    )


def _reports() -> There:
    kept = ImprovementReport.objects.create(
        days=30, until="2026-11-01", language="ko", made_at=clock.now(), pdf=b"%PDF-1.7"
    )
    return {"figures/reports/": {"pk": kept.pk}}


def values_for(there: There, route: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part, values in there.items():
        found |= values if part in route else {}
    return found


def _of_postmortem(written: Postmortem, by: User) -> There:
    at = clock.now()
    why = add_why(written, "키가 만료됐어요", under=None, source=("event", 1), by=by, at=at)
    said = comment(written, "언제부터인가요?", section="summary", by=by, at=at)
    factor = written.suggestions.create(kind="change", ref=1, said_ko="배포", said_en="Deploy")
    cited = {"pk": why.evidence.get().pk}
    return {
        "/postmortem/": {"number": written.incident_id},
        "/postmortem/whys/": {"pk": why.pk},
        "/postmortem/evidence/": cited,
        "/postmortem/comments/": {"pk": said.pk},
        "/postmortem/suggestions/": {"pk": factor.pk},
        "/postmortem/versions/": {"version": 1},
        "postmortems/actions/": {"pk": written.actions.first().pk},
        "postmortems/<int:number>/": {"number": written.incident_id},
        "postmortems/<int:number>/whys/": {"pk": why.pk},
        "postmortems/<int:number>/evidence/": cited,
        "postmortems/<int:number>/comments/": {"pk": said.pk},
        "postmortems/<int:number>/suggestions/": {"pk": factor.pk},
    }


def _of_incident(incident: Incident, by: User) -> There:
    at = clock.now()
    sender = monitoring.add_integration("generic", name="probe")[0]
    monitoring.store(sender, b"{}", [Signal(key="k", title="디스크")], at=at)
    page = Delivery.objects.filter(topic__contains=str(incident.number)).first()
    message = stakeholders.write(
        incident, StakeholderGroup.objects.first(), MINE, urgency="high", by=by, at=at
    )
    return {
        "incidents/": {"number": incident.number, "alert": sender.alerts.get().pk},
        "/tasks/": {"task": services.add_task(incident, "로그", by=by, at=at).pk},
        "/evidence/": {"evidence": services.attach(incident, "a.log", LOG, by=by, at=at).pk},
        "/messages/": {"message": message.pk},
        "/roles/": {"role": "scribe"},
        "p/<str": {"token": _last(answer_url(page)) if page else "none"},
    }


def _of_people(by: User) -> There:
    at = clock.now()
    rotation, later = Rotation.objects.first(), {"starts_at": at, "ends_at": at + HOUR}
    standing = Override.objects.create(rotation=rotation, user=by, **later)
    swap = Swap.objects.create(rotation=rotation, asked_by=by, asked_at=at, **later)
    contact = ContactMethod.objects.filter(user=by).first() or ContactMethod.objects.create(
        user=by, channel="sms", address="+821055556667"
    )
    rule = NotificationRule.objects.create(user=by, grave=True, channel="sms")
    return {
        "on-call/overrides/": {"pk": standing.pk},
        "on-call/swaps/": {"pk": swap.pk},
        "on-call/calendar/": {"token": _last(addresses(by)[0].url).removesuffix(".ics")},
        "me/contacts/": {"pk": contact.pk},
        "me/paging/": {"pk": rule.pk},
    }


def _watched(by: User) -> There:
    at = clock.now()
    later = {"starts_at": at, "ends_at": at + HOUR}
    span = {"at": at, "last_at": at}
    metric = Metric.objects.create(
        name="disk", labels={"host": "a"}, fingerprint=uuid.uuid4(), created_at=at
    )
    MetricState.objects.create(metric=metric, begun_at=at)
    anomaly = Anomaly.objects.create(
        metric=metric,
        until=at + HOUR,
        peak_at=at,
        reason="unusual",
        score=1,
        bar=1,
        probability=0.1,
        **span,
    )
    source = LogSource.objects.create(name="log", place="/var/log/a.log", changed_at=at)
    pattern = LogPattern.objects.create(
        name_ko="오류", slug="fault", text="fault", severity="P3", changed_at=at
    )
    finding = LogFinding.objects.create(
        source=source, severity="P3", level=2, line="fault", pattern=pattern, **span
    )
    kind = LogTemplate.objects.create(
        source=source, fingerprint=uuid.uuid4(), text="fault", example="fault", level=2,
        first_at=at, last_at=at,
    )  # fmt: skip
    silence = monitoring.silence([Matcher("a", "b")], created_by=by.username, by=by, at=at, **later)
    window = monitoring.plan_maintenance("점검", by=by, at=at, **later)
    job = HeartbeatMonitor.objects.create(name="job")
    capacity = Capacity.objects.create(metric=metric, full_at=90)
    plan_due(at=at)
    routine = Routine.objects.get(name="system_health_check")
    run = RoutineRun.objects.create(
        routine=routine, status="SUCCESS", due_at=at, started_at=at, ended_at=at
    )
    plan = BackupPlan.objects.get()
    flawed = {"begun_at": at, "flaws": [{"code": "table_missing", "table": "public.users"}]}
    kept = Backup.objects.create(
        plan=plan, stem="bongsu-1", made_at=at, ended_at=at, state="made", **flawed
    )
    tested = RestoreTest.objects.create(
        plan=plan, backup=kept, ended_at=at, state="failed", rpo_seconds=1, rto_seconds=1,
        took_seconds=2, stages={"restore": 1.5}, **flawed,
    )  # fmt: skip
    begin_due(at=at)
    row = Round.objects.earliest("pk")
    answer = row.answers.earliest("pk")
    file = attach(answer, "a.log", LOG, by=by, at=at)
    return {
        "routine/rounds/": {"pk": row.pk},
        "routine/answers/": {"pk": answer.pk},
        "routine/files/": {"pk": file.pk},
        "capacity/<int": {"pk": capacity.pk},
        "routine/": {"name": routine.name},
        "routine/jobs/": {"name": routine.name},
        "routine/reports/": {"frequency": "daily", "first": "2024-11-30"},
        "routine/runs/": {"pk": run.pk},
        "backups/(": {"pk": kept.pk},
        "backups/<int": {"pk": plan.pk},
        "restore-tests/(": {"pk": tested.pk},
        "backup-plans/(": {"pk": plan.pk},
        "monitoring/metrics/": {"pk": metric.pk},
        "monitoring/anomalies/": {"pk": anomaly.pk},
        "monitoring/logs/": {"pk": source.pk},
        "monitoring/logs/patterns/": {"pk": pattern.pk},
        "monitoring/logs/findings/": {"pk": finding.pk},
        "monitoring/logs/kinds/": {"pk": kind.pk},
        "monitoring/rules/": {"pk": Rule.objects.earliest("pk").pk},
        "monitoring/checks/": {"pk": Check.objects.create(name="c", collector="dns", host="a").pk},
        "monitoring/heartbeats/": {"pk": job.pk},
        "monitoring/hosts/": {"host": "a"},
        "ping/": {"key": job.key},
        "alerts/silences/": {"pk": silence.pk},
        "alerts/maintenance/": {"pk": window.pk},
    }


def _told(incident: Incident, by: User) -> There:
    at = clock.now()
    work = Work("점검", "", "해요", "", [*Component.objects.all()[:1]], at + HOUR, at + 2 * HOUR)
    words = [Word(at - HOUR, Phase.RESOLVED, "끝났어요.")]
    past = backfill(Past("지난 일", "", [], words), key="past00000001", by=by, at=at)
    begun = begin(incident)
    one = Subscriber.objects.create(
        address="kim@example.com",
        language="ko",
        created_at=at,
        letter=LetterName.CONFIRM,
        letter_at=at,
    )
    assert Notice.objects.count() >= 2
    return {
        "notices/<slug:public_id>/": {"public_id": begun.public_id},
        "notices/<slug:public_id>/plan/": {"public_id": announce(work, by=by, at=at).public_id},
        "notices/<slug:public_id>/times/": {"public_id": past.public_id},
        "notices/<slug:public_id>/take-back/": {"public_id": past.public_id},
        "notices/subscribers/": {"pk": one.pk},
        "status/confirm/": {"token": tokens.of_letter(one)},
        "status/manage/": {"token": tokens.of_letter(one)},
        "status/unsubscribe/": {"token": tokens.leaving(one.key)},
    }


def _chain(by: User) -> There:
    at = clock.now()
    wallet = Wallet.objects.first() or Wallet.objects.create(name="hot", address="T" + "a" * 33)
    action = Action.objects.create(kind="gone.one", key="k", proposed_at=at)
    bought = Action.objects.create(kind="gone.two", key="r", proposed_at=at)
    change = Loosening.objects.create(
        setting="runbooks.limits", fields={}, reason="r", proposed_by=by, proposed_at=at,
        expires_at=at + HOUR,
    )  # fmt: skip
    purchase = Purchase.objects.create(
        action=bought, wallet=wallet, provider="m", energy=1, seconds=1, asked_at=at
    )
    response = Response.objects.create(
        wallet=wallet, policy=EnergyPolicy.objects.create(), level=1, began_at=at
    )
    step = Step.objects.create(
        response=response, round=1, lever="DELEGATE_ENERGY", why="short", level=1
    )
    market = Market.objects.first() or Market.objects.create(name="m", since=at)
    return {
        "energy/<int": {"pk": wallet.pk},
        "energy/purchases/": {"pk": purchase.pk},
        "energy/responses/": {"pk": response.pk},
        "energy/steps/": {"pk": step.pk},
        "energy/markets/": {"name": market.name},
        "actions/<int": {"pk": action.pk},
        "actions/limits/": {"pk": change.pk},
    }


def _runbooks(incident: Incident, by: User) -> There:
    asks = {"question": {"ko": "더 할까요?", "en": "Go on?"}}
    version = book(step("a", ask=asks), key="probe")
    run = begin_run(version, {}, by=by, incident=incident, at=clock.database_now())
    values = {"pk": go(run).pk, "step": run.steps.get().pk}
    return {"runbooks/": {"key": "probe", "number": 1}, "runs/<int": values}


def _last(url: str) -> str:
    return urlsplit(url).path.rstrip("/").rpartition("/")[2]
