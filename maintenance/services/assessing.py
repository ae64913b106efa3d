"""What is known of each site, put together so that its readiness can be judged; nobody outside is asked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from maintenance.domain.continuity import readiness, times
from maintenance.domain.continuity.points import Loss, Point, counting
from maintenance.domain.continuity.readiness import Data, Facts, Finding, State, Targets
from maintenance.domain.continuity.shedding import Fit, Need, fit, without_ground
from maintenance.models import ContinuityTargets, CopySample, ServiceLoad, Site
from maintenance.services.evidence import Evidence, evidence
from monitoring.charting import courses
from runbooks.models import Runbook
from teams.domain.roles import MAY
from teams.domain.roles import Action as May
from teams.models import User

RUNBOOK: Final = "site-failover"
LOAD: Final = timedelta(hours=1)  # its highest in that time is the present load
POINTS: Final = 60


@dataclass(frozen=True)
class Assessed:
    site: Site
    facts: Facts
    findings: Sequence[Finding]
    copies: Mapping[int, CopySample]  # by copy

    @property
    def state(self) -> State:
        return readiness.state_of(self.findings)


@dataclass(frozen=True)
class Continuity:
    """All of it, at one moment."""

    at: datetime
    targets: Targets
    sites: Sequence[Assessed]
    serving: Site | None
    data: Sequence[Data]  # with all their copies, wherever they are
    needs: Sequence[Need]

    def point(self, loss: Loss) -> Iterator[tuple[str, Point | None]]:
        for one in self.data:
            yield one.name, counting(one.points, loss)

    @property
    def state(self) -> State:
        """Of the first that would take over."""
        return next((one.state for one in self.sites if not one.site.serves), State.UNKNOWN)


def assess(*, at: datetime) -> Continuity:
    sites = list(Site.objects.whole())
    serving = next((one for one in sites if one.serves), None)
    targets, known, needs = ContinuityTargets.now(), evidence(serving), present_needs(at=at)
    shared = Facts(
        site="", ready_within=timedelta(0), load_at=at if needs else None,
        approvers=User.objects.filter(is_active=True, role__in=MAY[May.COMMAND]).count(),
        runbook=Runbook.objects.filter(key=RUNBOOK, enabled=True, current__isnull=False).exists(),
    )  # fmt: skip
    found = [_assessed(site, shared, targets, known, needs, at) for site in sites]
    return Continuity(at, targets, found, serving, known.data(), needs)


def _assessed(
    site: Site,
    shared: Facts,
    targets: Targets,
    known: Evidence,
    needs: Sequence[Need],
    at: datetime,
) -> Assessed:
    facts = _facts(shared, site, known, needs)
    findings = [] if site.serves else readiness.judged(facts, targets, at)
    copies = {pk: seen for one in site.copies.all() if (seen := known.samples.get(pk := one.pk))}
    return Assessed(site, facts, findings, copies)


def present_needs(*, at: datetime) -> list[Need]:
    """What each service takes now, of what the usual site can carry."""
    rows = list(ServiceLoad.objects.select_related("service", "metric"))
    metrics = [one.metric_id for one in rows if one.metric_id]
    found = courses(metrics, at - LOAD, at, points=POINTS, at=at) if metrics else {}
    peaks = {pk: max((one.high for one in seen.bins), default=None) for pk, seen in found.items()}
    return [
        Need(str(one.service), one.priority, _percent(one, peaks), one.essential) for one in rows
    ]


def _percent(row: ServiceLoad, peaks: Mapping[int, float | None]) -> float | None:
    peak = peaks.get(row.metric_id) if row.metric_id else None
    if peak is not None and row.full_at:
        return 100 * peak / row.full_at
    return float(row.percent) if row.percent is not None and not row.metric_id else None


def fit_of(site: Site, needs: Iterable[Need]) -> Fit:
    return fit(needs, float(site.capacity_percent))


def _facts(shared: Facts, site: Site, known: Evidence, needs: Sequence[Need]) -> Facts:
    services = {
        str(one): {str(need) for need in one.depends_on.all()} for one in site.services.all()
    }
    seen = known.servers.get(site.pk)
    return replace(
        shared, site=str(site), ready_within=site.ready_within, data=known.data(only=site),
        fit=fit_of(site, needs), groundless=without_ground(services.keys(), services),
        hosts=len(site.hosts.all()), answering=seen.answering if seen else 0,
        hosts_at=seen.at if seen else None, trial=times.last_to(site.slug, known.trials),
    )  # fmt: skip
