"""What a failover's steps ask and keep: which site a database is at, and what it took when it is over."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from core.told import Told as _
from maintenance.domain.continuity.lags import Mark, Seen, safe_until
from maintenance.models import CopyRole, CopySample, DataCopy, Failover, Site
from runbooks.domain.writing import Wrong
from runbooks.models import Purpose, Run


def copy_of(database: str) -> DataCopy:
    """Raises Wrong."""
    rows = DataCopy.objects.select_related("data", "site", "database")
    found = rows.filter(database__name=database).first()
    if found is None:
        raise Wrong(_("Database %(name)s is no copy of any data: record it in the console.", name=database))  # fmt: skip
    return found


def record(
    run: Run, left: DataCopy, to: DataCopy, *, found: Mapping[str, Any], at: datetime
) -> Failover:
    """Once for a run. `found`: fenced_at where it was told to stop, writes_at, and `last` and `place` of the new primary."""
    well, ill = _around_the_end(run, left, at=at)
    fenced: datetime | None = found["fenced_at"]
    if fenced is not None:
        well = ill = fenced
    with transaction.atomic():
        row, made = Failover.objects.get_or_create(
            run=run,
            defaults={
                "data": to.data, "left": left.site, "to": to.site, "planned": fenced is not None,
                "drill": run.purpose == Purpose.DRILL or bool(run.incident and run.incident.drill),
                "well_at": well, "ill_at": ill, "writes_at": found["writes_at"], "at": at,
                "kept_until": ill if fenced else _kept(left, found, well),
            },
        )  # fmt: skip
        # Done again after the way back it would move everybody once more.
        if made and not to.data.exercise:
            Site.objects.filter(serves=True).exclude(pk=to.site_id).update(serves=False)
            Site.objects.filter(pk=to.site_id).update(serves=True)
    return row


def _around_the_end(run: Run, left: DataCopy, *, at: datetime) -> tuple[datetime, datetime]:
    """The last look that saw it take writes, and the first after it that did not; else the begin of the run."""
    looks = left.samples.filter(at__lte=at)
    well = looks.filter(role=CopyRole.LEADS).order_by("-at").first()
    if well is None:
        return run.started_at, run.started_at
    ill = looks.filter(at__gt=well.at).order_by("at").first()
    return well.at, ill.at if ill else max(well.at, run.started_at)


def _kept(left: DataCopy, found: Mapping[str, Any], well: datetime) -> datetime | None:
    """By our clock: what was promoted has all until then."""
    led = CopySample.objects.filter(copy=left, role=CopyRole.LEADS, at__lte=well).order_by("-at")
    last = led.first()
    replayed: datetime | None = found["last"]
    if replayed is not None and last is not None:
        replayed -= max(last.ahead, last.ahead * 0)
    marks = [Mark(one.at, one.place) for one in led[:5000] if one.place is not None]
    return safe_until(Seen(found["writes_at"], found["place"], replayed), marks)
