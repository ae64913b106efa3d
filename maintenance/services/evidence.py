"""All evidence about sites and the copies of data, in a fixed number of queries."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery

from core import clock
from maintenance.domain.continuity import times
from maintenance.domain.continuity.points import Copy, Point
from maintenance.domain.continuity.readiness import Data
from maintenance.domain.flaws import AHEAD
from maintenance.models import (
    Backup,
    CopyRole,
    CopySample,
    DataCopy,
    Failover,
    KeptData,
    RestoreTest,
    RestoreTestState,
    Site,
    SiteSample,
)


@dataclass(frozen=True)
class Evidence:
    serving: Site | None
    kept: Sequence[KeptData]
    samples: Mapping[int, CopySample]  # by copy: the last look
    answered: Mapping[int, CopySample]  # by copy: the last that was answered
    backups: Mapping[int, Backup]  # by plan: the newest sound one
    restored: Mapping[int, datetime]  # by plan: when one was last restored and found whole
    servers: Mapping[int, SiteSample]  # by site
    trials: Sequence[times.Failover]

    def data(self, *, only: Site | None = None) -> list[Data]:
        """With the copies of one site, or with all; backups belong to every one."""
        return [self._data(one, only) for one in self.kept]

    def _data(self, data: KeptData, only: Site | None) -> Data:
        copies = list(data.copies.all())
        there = [one for one in copies if only is None or one.site_id == only.pk]
        leaders = sum(
            self.samples[one.pk].role == CopyRole.LEADS for one in copies if one.pk in self.samples
        )
        points = [*self._replicas(there), *self._backups(data)]
        return Data(str(data), points, leaders, self.restored.get(data.plan_id or 0))

    def _replicas(self, copies: Sequence[DataCopy]) -> Iterator[Point]:
        """Of one that does not answer what it had when it last did: its disk has not gone."""
        for copy in copies:
            last = self.answered.get(copy.pk)
            if last is not None and last.role == CopyRole.FOLLOWS and last.safe_until:
                away = self.serving is None or copy.site_id != self.serving.pk
                yield Point(Copy.REPLICA, str(copy.site), last.safe_until, away)

    def _backups(self, data: KeptData) -> Iterator[Point]:
        found = self.backups.get(data.plan_id or 0)
        if found is not None and found.made_at is not None:
            yield Point(Copy.BACKUP, found.stem, found.made_at, data.backups_away)


def evidence(serving: Site | None) -> Evidence:
    answered = CopySample.objects.exclude(role=CopyRole.SILENT)
    # One that a wrong clock dated ahead would say for as long that nothing is lost.
    sound = Backup.objects.made().filter(flaws=[], made_at__lte=clock.now() + AHEAD)
    passed = RestoreTest.objects.filter(state=RestoreTestState.PASSED, ended_at__isnull=False)
    tests = passed.order_by("plan_id", "-ended_at").distinct("plan_id")
    failovers = Failover.objects.select_related("to").order_by("-at")[:100]
    return Evidence(
        serving,
        list(KeptData.objects.filter(exercise=False).prefetch_related("copies__site", "copies__database")),
        samples=_newest(CopySample.objects.all()),
        answered=_newest(answered),
        backups={
            one.plan_id: one
            for one in sound.order_by("plan_id", "-made_at").distinct("plan_id")
        },
        restored={one.plan_id: one.ended_at for one in tests if one.ended_at},
        servers={one.site_id: one for one in SiteSample.objects.all()},
        trials=[one.known for one in failovers],
    )  # fmt: skip


def _newest(looks: QuerySet[CopySample]) -> dict[int, CopySample]:
    """By copy; each one row by the index, however many looks are kept."""
    newest = looks.filter(copy=OuterRef("pk")).order_by("-at", "-id").values("pk")[:1]
    wanted = DataCopy.objects.order_by().annotate(last=Subquery(newest)).values("last")
    return {one.copy_id: one for one in CopySample.objects.filter(pk__in=wanted)}
