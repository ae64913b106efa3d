"""The page of disaster recovery: what was promised, what is measured, and what each site lacks to take over."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from core.told import Told
from maintenance.domain.continuity.points import Loss, worst
from maintenance.domain.continuity.readiness import Finding, State
from maintenance.domain.continuity.shedding import Fit
from maintenance.domain.continuity.wording import length, ranged
from maintenance.models import CopyRole, CopySample, DataCopy, Failover, Site
from maintenance.services.assessing import RUNBOOK, Assessed, Continuity, assess
from runbooks.models import Runbook

TONES: Final = {State.READY: "good", State.OLD: "p2", State.UNKNOWN: "none", State.BAD: "p1"}
RUNBOOKS: Final = (RUNBOOK, "site-failback")
PAST: Final = 8  # failovers that are listed


@dataclass(frozen=True)
class Measure:
    name: str
    target: Told
    value: Told | None
    tone: str
    about: str


@dataclass(frozen=True)
class CopyRow:
    copy: DataCopy
    sample: CopySample | None
    word: str
    tone: str
    behind: Told | None


@dataclass(frozen=True)
class Bars:
    """Of the load, per mille of the width: what a site carries, and what would be shed."""

    capacity: int
    kept: int
    shed: int
    percent: str


@dataclass(frozen=True)
class Card:
    site: Site
    word: str
    tone: str
    lacks: Sequence[Finding]
    has: Sequence[Finding]
    copies: Sequence[CopyRow]
    fit: Fit | None
    bars: Bars | None
    answering: str


def overview(*, at: datetime) -> dict[str, Any]:
    found = assess(at=at)
    failovers = Failover.objects.select_related("data", "left", "to", "run")[:PAST]
    return {
        "found": found,
        "word": _word(found),
        "tone": TONES[found.state],
        "measures": list(_measures(found)),
        "cards": [card_of(one, found) for one in found.sites],
        "runbooks": Runbook.objects.filter(
            key__in=RUNBOOKS, enabled=True, current__isnull=False
        ).order_by("-key"),
        "failovers": [(one, *_told(one)) for one in failovers],
    }


def _word(found: Continuity) -> str:
    others = [one for one in found.sites if not one.site.serves]
    ready = [str(one.site) for one in others if one.state is State.READY]
    if not found.sites:
        return _("No site is recorded yet.")
    if found.serving is None:
        return _("It is not recorded which site serves.")
    if ready:
        return _("%(sites)s could take over now.") % {"sites": ", ".join(ready)}
    return _("No site is proven to be able to take over now.")


def _measures(found: Continuity) -> Iterator[Measure]:
    names = {Loss.SITE: _("Lost with the site that serves"), Loss.DATA: _("Lost when data are destroyed")}  # fmt: skip
    limits = {Loss.SITE: found.targets.rpo, Loss.DATA: found.targets.backup}
    for loss in Loss:
        yield _point(found, loss, names[loss], limits[loss])
    yield _time(found)


def _point(found: Continuity, loss: Loss, name: str, limit: timedelta) -> Measure:
    points = list(found.point(loss))
    most = worst(points, found.at)
    target = length(limit)
    if most is None:
        return Measure(name, target, None, "none", _("Which data must survive is not recorded."))
    data, age = most
    if age is None:
        return Measure(name, target, None, "p1", _("No copy of %(data)s would be left.") % {"data": data})  # fmt: skip
    point = dict(points)[data]
    about = f"{data} · {point.name}" if point else data
    return Measure(name, target, length(age), "good" if age <= limit else "p1", about)


def _time(found: Continuity) -> Measure:
    """Of the first site that would take over."""
    name, target = _("Time until it works again"), length(found.targets.rto)
    first = next((one for one in found.sites if not one.site.serves), None)
    trial = first.facts.trial if first else None
    if first is None or trial is None:
        return Measure(name, target, None, "none", _("No failover was played yet."))
    took = trial.took.most
    kind = _("drill") if trial.drill else _("in earnest")
    about = f"{first.site} · {kind}"
    return Measure(name, target, length(took), "good" if took <= found.targets.rto else "p1", about)


def card_of(one: Assessed, found: Continuity) -> Card:
    lacks = sorted((it for it in one.findings if it.state), key=lambda it: -it.state)
    has = [it for it in one.findings if not it.state]
    fit = None if one.site.serves and not found.needs else one.facts.fit
    return Card(
        one.site,
        _("Serves now") if one.site.serves else _state_word(one.state, len(lacks)),
        "good" if one.site.serves else TONES[one.state],
        lacks, has, [_copy(copy, one, found) for copy in one.site.copies.all() if not copy.data.exercise],
        fit, _bars(fit) if fit and (fit.kept or fit.shed) else None,
        f"{one.facts.answering} / {one.facts.hosts}" if one.facts.hosts else "",
    )  # fmt: skip


def _state_word(state: State, lacks: int) -> str:
    if state is State.READY:
        return _("Ready")
    return _("Not proven ready: %(count)d open") % {"count": lacks}


def _copy(copy: DataCopy, one: Assessed, found: Continuity) -> CopyRow:
    sample = one.copies.get(copy.pk)
    if sample is None:
        return CopyRow(copy, None, _("not looked at yet"), "none", None)
    tone = "p1" if sample.role == CopyRole.SILENT else "good"
    behind = None
    if sample.role == CopyRole.FOLLOWS and sample.safe_until:
        behind = length(found.at - sample.safe_until)
        tone = "good" if found.at - sample.safe_until <= found.targets.rpo else "p1"
    return CopyRow(copy, sample, str(CopyRole(sample.role).label), tone, behind)


def _bars(fit: Fit) -> Bars:
    whole = max(fit.capacity, fit.load, 1.0)
    kept, shed = (sum(it.percent or 0.0 for it in rows) for rows in (fit.kept, fit.shed))

    def share(value: float) -> int:
        return round(1000 * value / whole)

    return Bars(share(fit.capacity), share(kept), share(shed), f"{fit.load:.0f}")


def _told(one: Failover) -> tuple[Told, Told | str]:
    """How long it took, and what was lost."""
    lost = one.known.lost
    return ranged(one.known.took), ranged(lost) if lost else "–"
