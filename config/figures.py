"""What the product says about itself, for a Prometheus: a fixed number of queries, however much there is."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.db.models import Count, Min

from core.models import Heartbeat
from core.severity import Severity
from incidents.models import Incident
from monitoring.domain.alerts import LEVELS
from monitoring.domain.checks import State as CheckState
from monitoring.domain.heartbeats import State as BeatState
from monitoring.models import (
    Alert,
    Anomaly,
    Check,
    HeartbeatMonitor,
    JudgedLine,
    LogSource,
    Metric,
    RuleState,
)
from notifications.models import Delivery, Lane, State
from statuspage import kept
from statuspage.services import mirroring

A_DAY: Final = timedelta(days=1)
UNFINISHED: Final = (State.PENDING, State.LEASED)
# Inserted since the parts of today were made: a part that is dropped takes its count along, which a
# reader of counters takes for a restart.
SAMPLES = """
SELECT coalesce(sum(n_tup_ins), 0)::bigint FROM pg_stat_user_tables
WHERE relname LIKE 'monitoring\\_sample\\_%'
"""
OWED = "SELECT size, count(*) FROM monitoring_unrolled WHERE due_at <= %s GROUP BY size"

Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Family:
    """Figures of one name, as the text format groups them."""

    name: str
    kind: str
    help: str
    figures: Mapping[Labels, float]


def text(families: Iterable[Family]) -> str:
    """Prometheus' text format, version 0.0.4."""
    return "".join(line for family in families for line in _lines(family))


def _lines(family: Family) -> Iterator[str]:
    yield f"# HELP {family.name} {family.help}\n# TYPE {family.name} {family.kind}\n"
    for labels, value in family.figures.items():
        named = ",".join(f'{name}="{_escaped(word)}"' for name, word in labels)
        yield (
            f"{family.name}{{{named}}} {value:.15g}\n" if named else f"{family.name} {value:.15g}\n"
        )


def _escaped(word: str) -> str:
    return word.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def families(*, at: datetime) -> Iterator[Family]:
    yield from _incidents()
    yield _alerts()
    yield from _deliveries(at)
    yield _ticks(at)
    yield from _sight(at)
    yield from _judging(at)
    if last := kept.kept_at():
        age = max(0.0, (at - last).total_seconds())
        told = "How old the list of subscribers is that an emergency without a database would mail."
        yield Family("bongsu_status_subscribers_kept_seconds", "gauge", told, {(): age})
    if settings.STATUS_STORE:
        late = mirroring.seconds_late(at=at)
        told = "How long the object store lacks some of the status page."
        yield Family("bongsu_status_store_late_seconds", "gauge", told, {(): late})


def _incidents() -> Iterator[Family]:
    found = Counter[tuple[str, str]]()
    rows = Incident.objects.open().filter(drill=False).order_by()
    for severity, status, count in rows.values_list("severity", "status").annotate(n=Count("pk")):
        found[severity, status] = count
    levels = [str(level) for level in Severity]
    every = {level: sum(n for (of, _), n in found.items() if of == level) for level in levels}
    unanswered = {level: found[level, "triggered"] for level in levels}
    yield _by("bongsu_incidents_open", "Open incidents, without drills.", "severity", every)
    yield _by(
        "bongsu_incidents_unanswered", "Incidents nobody has answered.", "severity", unanswered
    )


def _alerts() -> Family:
    found: dict[Labels, float] = {
        (("severity", level), ("silenced", word)): 0.0 for level in LEVELS for word in ("no", "yes")
    }
    rows: Any = Alert.objects.open().order_by().values_list("severity")
    for severity, count, muted in rows.annotate(n=Count("pk"), muted=Count("muted_until")):
        found[("severity", severity), ("silenced", "no")] = count - muted
        found[("severity", severity), ("silenced", "yes")] = muted
    return Family("bongsu_alerts_firing", "gauge", "Alerts that fire.", found)


def _deliveries(at: datetime) -> Iterator[Family]:
    lanes = {lane.value: lane.name.lower() for lane in Lane}
    waiting: dict[Labels, float] = {
        (("lane", word), ("state", str(state))): 0.0
        for word in lanes.values()
        for state in UNFINISHED
    }
    oldest: dict[Labels, float] = {(("lane", word),): 0.0 for word in lanes.values()}
    rows: Any = Delivery.objects.filter(state__in=UNFINISHED).order_by()
    told = rows.values_list("lane", "state").annotate(n=Count("pk"), due=Min("due_at"))
    for lane, state, count, due in told:
        waiting[("lane", lanes[lane]), ("state", state)] = count
        if state == State.PENDING:  # until then it waits by intention
            oldest[(("lane", lanes[lane]),)] = max(0.0, (at - due).total_seconds())
    yield Family("bongsu_deliveries_waiting", "gauge", "Messages on their way.", waiting)
    yield Family(
        "bongsu_delivery_overdue_seconds", "gauge", "How long the oldest message that is due waits.",
        oldest,
    )  # fmt: skip
    recent: Any = Delivery.objects.filter(created_at__gte=at - A_DAY).order_by()
    ended = dict.fromkeys((str(s) for s in State if s not in UNFINISHED), 0.0)
    ended |= dict(recent.exclude(state__in=UNFINISHED).values_list("state").annotate(n=Count("pk")))
    yield _by(
        "bongsu_deliveries_day", "Messages of the last day by how they ended.", "state", ended
    )


def _ticks(at: datetime) -> Family:
    ages = {
        name: (at - beat).total_seconds()
        for name, beat in Heartbeat.objects.values_list("name", "at")
    }
    return _by("bongsu_tick_age_seconds", "How long ago each tick last ran.", "tick", ages)


def _sight(at: datetime) -> Iterator[Family]:
    with connection.cursor() as cursor:
        cursor.execute(SAMPLES)
        written = cursor.fetchone()[0]
        cursor.execute(OWED, [at])
        owed = dict.fromkeys(("5m", "1h", "1d"), 0.0) | dict(cursor.fetchall())
    yield Family("bongsu_samples_written_total", "counter", "Samples stored.", {(): written})
    yield _by("bongsu_rollups_due", "Buckets that wait to be rolled up.", "size", owed)
    yield Family("bongsu_metrics", "gauge", "Metrics known.", {(): Metric.objects.count()})
    checks = dict.fromkeys((str(state) for state in CheckState), 0.0)
    rows: Any = Check.objects.filter(enabled=True).order_by()
    checks |= dict(rows.values_list("state").annotate(n=Count("pk")))
    yield _by("bongsu_checks", "Checks by what came of them last.", "state", checks)
    beats = Counter(str(monitor.state(at)) for monitor in HeartbeatMonitor.objects.all())
    yield _by(
        "bongsu_heartbeats", "Watched jobs by state.", "state",
        {str(state): beats[str(state)] for state in BeatState},
    )  # fmt: skip


def _judging(at: datetime) -> Iterator[Family]:
    """What judges by itself: whether it keeps up, and what it found."""
    last = JudgedLine.objects.order_by("-pk").values_list("behind", flat=True).first()
    yield Family(
        "bongsu_metrics_judged_late", "gauge", "Metrics with readings not judged.", {(): last or 0}
    )
    open_ = Anomaly.objects.open(at).count()
    yield Family("bongsu_anomalies_open", "gauge", "Anomalies that last.", {(): open_})
    firing = RuleState.objects.filter(fired_at__isnull=False).count()
    yield Family("bongsu_rules_firing", "gauge", "Rules and targets that fire.", {(): firing})
    logs = LogSource.objects.filter(enabled=True)
    rows = list(logs.values_list("name", "lag_seconds", "lost"))
    lag = {name: float(seconds) for name, seconds, _lost in rows}
    lost: dict[Labels, float] = {
        (("source", name),): float(count) for name, _seconds, count in rows
    }
    yield _by("bongsu_log_lag_seconds", "How far behind a followed log is.", "source", lag)
    yield Family(
        "bongsu_log_lost_total", "counter", "Known to be lost, in messages or bytes.", lost
    )


def _by(name: str, told: str, label: str, figures: Mapping[str, float]) -> Family:
    return Family(name, "gauge", told, {((label, word),): n for word, n in figures.items()})
