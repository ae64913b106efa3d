"""Whether a site could take over now: green only by evidence that is younger than its limit, and by all of it.

What is lacking is said in words, with what to do about it. Nobody knows is never the same as all is well.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final

from core.told import Told
from core.told import Told as _
from maintenance.domain.continuity.points import Loss, Point, counting
from maintenance.domain.continuity.shedding import Fit
from maintenance.domain.continuity.times import Failover
from maintenance.domain.continuity.wording import length


class State(IntEnum):
    """The worst of them is the site's."""

    READY = 0
    OLD = 1  # it was well, and the evidence has outlived its limit
    UNKNOWN = 2  # there is no evidence
    BAD = 3  # the evidence says no


@dataclass(frozen=True)
class Targets:
    rpo: timedelta = timedelta(hours=1)
    rto: timedelta = timedelta(hours=4)
    look: timedelta = timedelta(minutes=10)  # evidence of measuring
    backup: timedelta = timedelta(hours=26)  # a backup each night
    restore: timedelta = timedelta(days=35)  # a restore test each month
    trial: timedelta = timedelta(days=100)  # a failover each quarter


@dataclass(frozen=True)
class Finding:
    name: str
    state: State
    says: Told
    do: Told | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class Data:
    """What is kept in one database, with the copies that there are of it."""

    name: str
    points: Sequence[Point] = ()
    leaders: int = 1  # copies that take writes, as they were last seen
    restored_at: datetime | None = None  # the last restore test that found all well


@dataclass(frozen=True)
class Facts:
    site: str
    ready_within: timedelta
    data: Sequence[Data] = ()
    fit: Fit | None = None
    load_at: datetime | None = None
    groundless: Mapping[str, Sequence[str]] = field(default_factory=dict)
    hosts: int = 0
    answering: int = 0
    hosts_at: datetime | None = None
    approvers: int = 0
    runbook: bool = False
    trial: Failover | None = None


TWO: Final = 2  # who starts it, and who approves


def judged(facts: Facts, targets: Targets, now: datetime) -> list[Finding]:
    """In the order in which they matter when the site is needed."""
    return [
        *_data(facts, targets, now),
        *_backups(facts, targets, now),
        *_hosts(facts, targets, now),
        *_load(facts, targets, now),
        *_services(facts),
        *_people(facts),
        *_trial(facts, targets, now),
    ]


def state_of(findings: Sequence[Finding]) -> State:
    return max((one.state for one in findings), default=State.UNKNOWN)


def _data(facts: Facts, targets: Targets, now: datetime) -> Iterator[Finding]:
    if not facts.data:
        yield Finding(
            "data", State.UNKNOWN, _("Which data must survive is not recorded."),
            _("Add the data and their copies in the console."),
        )  # fmt: skip
    for one in facts.data:
        yield _point(one, targets, now)
        if one.leaders > 1:
            yield Finding(
                "leaders", State.BAD,
                _("%(count)d copies of %(data)s take writes at once: they drift apart.", count=one.leaders, data=one.name),
                _("Stop the one that does not serve, compare both, and rebuild it as a replica."),
            )  # fmt: skip


def _point(data: Data, targets: Targets, now: datetime) -> Finding:
    found = counting(data.points, Loss.SITE)
    if found is None:
        return Finding(
            "point", State.BAD, _("No copy of %(data)s would survive the loss of the site that serves.", data=data.name),
            _("Let a replica of it follow at this site, or keep its backups elsewhere."),
        )  # fmt: skip
    age = found.age(now)
    said = {"data": data.name, "age": length(age), "copy": found.name, "rpo": length(targets.rpo)}
    if age > targets.rpo:
        return Finding(
            "point", State.BAD, _("Of %(data)s up to %(age)s would be lost (%(copy)s); the RPO is %(rpo)s.", **said),
            _("See why the replica does not follow, or take backups more often."), found.until,
        )  # fmt: skip
    return Finding(
        "point", State.READY, _("Of %(data)s at most %(age)s would be lost (%(copy)s); the RPO is %(rpo)s.", **said),
        at=found.until,
    )  # fmt: skip


def _backups(facts: Facts, targets: Targets, now: datetime) -> Iterator[Finding]:
    for one in facts.data:
        yield _backup(one, targets, now)
        yield _restored(one, targets, now)


def _backup(data: Data, targets: Targets, now: datetime) -> Finding:
    found = counting(data.points, Loss.DATA)
    if found is None:
        return Finding(
            "backup", State.BAD,
            _("There is no sound backup of %(data)s: what a person or a program destroys is gone from every replica too.", data=data.name),
            _("Take one: Back up now on the page Backups, or let the nightly job do it."),
        )  # fmt: skip
    said = {"data": data.name, "age": length(found.age(now)), "limit": length(targets.backup)}
    if found.age(now) > targets.backup:
        return Finding(
            "backup", State.BAD, _("The newest sound backup of %(data)s is %(age)s old; it may be %(limit)s.", **said),
            _("See why the last one failed, and take one now."), found.until,
        )  # fmt: skip
    return Finding(
        "backup", State.READY, _("The newest sound backup of %(data)s is %(age)s old.", **said), at=found.until
    )  # fmt: skip


def _restored(data: Data, targets: Targets, now: datetime) -> Finding:
    do = _("Restore the newest one into a throw-away server: Prove it now on the page Backups.")
    if data.restored_at is None:
        return Finding("restore", State.UNKNOWN, _("No backup of %(data)s was ever restored to try it.", data=data.name), do)  # fmt: skip
    ago = length(now - data.restored_at)
    said = {"data": data.name, "ago": ago, "limit": length(targets.restore)}
    if now - data.restored_at > targets.restore:
        return Finding("restore", State.OLD, _("A backup of %(data)s was last restored %(ago)s ago; it counts for %(limit)s.", **said), do, data.restored_at)  # fmt: skip
    return Finding("restore", State.READY, _("A backup of %(data)s was restored %(ago)s ago, and all was in it.", **said), at=data.restored_at)  # fmt: skip


def _hosts(facts: Facts, targets: Targets, now: datetime) -> Iterator[Finding]:
    if not facts.hosts:
        yield Finding(
            "hosts", State.UNKNOWN, _("No server of this site is recorded."),
            _("Name its hosts, and the pool of its load balancer, in the console."),
        )  # fmt: skip
        return
    said = {"up": facts.answering, "all": facts.hosts}
    if facts.hosts_at is None or now - facts.hosts_at > targets.look:
        yield Finding("hosts", State.UNKNOWN if facts.hosts_at is None else State.OLD, _("Nobody has looked at its %(all)d servers lately.", **said), _("See that the worker runs, and that it reaches this site."), facts.hosts_at)  # fmt: skip
    elif facts.answering < facts.hosts:
        yield Finding("hosts", State.BAD, _("%(up)d of its %(all)d servers answer.", **said), _("Look at those that do not: the runbook System down tells what is wrong."), facts.hosts_at)  # fmt: skip
    else:
        yield Finding("hosts", State.READY, _("All of its %(all)d servers answer.", **said), at=facts.hosts_at)  # fmt: skip


def _load(facts: Facts, targets: Targets, now: datetime) -> Iterator[Finding]:
    if facts.fit is None or not (facts.fit.kept or facts.fit.shed):
        yield Finding(
            "load", State.UNKNOWN, _("How much load it would take over is not known."),
            _("Give each service its share of the load, or the metric that shows it, in the console."),
        )  # fmt: skip
        return
    yield _fits(facts.fit, facts.load_at)
    if facts.fit.unknown:
        names = ", ".join(one.service for one in facts.fit.unknown)
        yield Finding("load", State.UNKNOWN, _("The load of %(names)s is not known, and not counted.", names=names), _("Give each service its share of the load, or the metric that shows it, in the console."))  # fmt: skip


def _fits(fit: Fit, at: datetime | None) -> Finding:
    """That something must be shed is no fault of a smaller site: that nobody had said what would be one."""
    said = {
        "load": f"{fit.load:.0f}", "capacity": f"{fit.capacity:.0f}",
        "shed": ", ".join(one.service for one in fit.shed),
    }  # fmt: skip
    if not fit.fits:
        return Finding("load", State.BAD, _("It carries %(capacity)s %%, and what is never shed takes more. Now it is %(load)s %%.", **said), _("Enlarge the site, or say of fewer services that they are never shed."), at)  # fmt: skip
    if fit.shed:
        return Finding("load", State.READY, _("The load is %(load)s %%, and it carries %(capacity)s %%: %(shed)s would be shed.", **said), at=at)  # fmt: skip
    return Finding("load", State.READY, _("The load is %(load)s %%, and it carries %(capacity)s %%: nothing would be shed.", **said), at=at)  # fmt: skip


def _services(facts: Facts) -> Iterator[Finding]:
    for service, missing in facts.groundless.items():
        yield Finding(
            "services", State.BAD, _("%(service)s needs %(missing)s, and that does not run at this site.", service=service, missing=", ".join(missing)),
            _("Set it up there, and add it to the site in the console."),
        )  # fmt: skip


def _people(facts: Facts) -> Iterator[Finding]:
    if facts.approvers < TWO:
        yield Finding("people", State.BAD, _("It takes two people: one who starts it, and one who approves."), _("Give somebody else the role of a commander."))  # fmt: skip
    if not facts.runbook:
        yield Finding("runbook", State.BAD, _("The runbook Site failover is missing or switched off."), _("Switch it on in the console."))  # fmt: skip


def _trial(facts: Facts, targets: Targets, now: datetime) -> Iterator[Finding]:
    do = _("Play it: plan the game day Site loss on the page Drills.")
    if facts.trial is None:
        yield Finding("trial", State.UNKNOWN, _("Nobody has failed over to this site yet: how long it takes is not known."), do)  # fmt: skip
        return
    took, ago = facts.trial.took.most, now - facts.trial.at
    said = {"took": length(took), "ago": length(ago), "limit": length(targets.trial)}
    if took > targets.rto:
        yield Finding("trial", State.BAD, _("The last failover took %(took)s; the RTO is %(rto)s.", rto=length(targets.rto), **said), _("See in its run which step took long."), facts.trial.at)  # fmt: skip
    elif took > facts.ready_within:
        yield Finding("trial", State.BAD, _("The last failover took %(took)s; this site is to be ready in %(within)s.", within=length(facts.ready_within), **said), _("See in its run which step took long."), facts.trial.at)  # fmt: skip
    elif ago > targets.trial:
        yield Finding("trial", State.OLD, _("The last failover took %(took)s, %(ago)s ago; it counts for %(limit)s.", **said), do, facts.trial.at)  # fmt: skip
    else:
        yield Finding("trial", State.READY, _("The last failover took %(took)s, %(ago)s ago.", **said), at=facts.trial.at)  # fmt: skip
