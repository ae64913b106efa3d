"""Looks at all copies of all data, and at the servers of all sites: what recovery points are reckoned from.

Whoever took writes last is asked before those that follow it, so that a replica with nothing to fetch is seen to have
all of a moment that lies before. What does not answer holds up nobody else.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core import clock
from integrations import pg_replicas, tcp
from integrations.pg_replicas import Look, place_of
from integrations.postgresql import Fault
from maintenance.domain.continuity.lags import NOTHING, Mark, Seen, safe_until
from maintenance.models import CopyRole, CopySample, DataCopy, Site, SiteSample
from runbooks.domain.writing import Wrong
from runbooks.inventory import dsn, target_of
from runbooks.models import Host, Way

SECONDS: Final = 4.0  # of one look
AT_ONCE: Final = 8
KEPT: Final = timedelta(days=14)
MARKS: Final = timedelta(hours=24)


@dataclass(frozen=True)
class Found:
    copy: DataCopy
    at: datetime  # before it was asked
    look: Look | None
    fault: str = ""


def sample_copies(copies: Iterable[DataCopy] | None = None) -> list[CopySample]:
    """By our own clock, which is read before each look."""
    rows = list(DataCopy.objects.select_related("data", "site", "database") if copies is None else copies)  # fmt: skip
    followed = set(_last_following(rows))
    first = _asked([one for one in rows if one.pk not in followed])
    then = _asked([one for one in rows if one.pk in followed])
    found = [_sampled(one, [*first, *then]) for one in [*first, *then]]
    return CopySample.objects.bulk_create(found)


def sample_sites() -> None:
    for site in Site.objects.prefetch_related("hosts"):
        hosts = [one for one in site.hosts.all() if one.enabled]
        at = clock.database_now()
        silent = _silent(hosts)
        seen = {"at": at, "hosts": len(hosts), "answering": len(hosts) - len(silent)}
        SiteSample.objects.update_or_create(site=site, defaults=seen | {"silent": silent})


def prune_samples(*, at: datetime) -> None:
    CopySample.objects.filter(at__lt=at - KEPT).delete()


def _last_following(copies: Sequence[DataCopy]) -> Iterable[int]:
    for one in copies:
        last = one.samples.exclude(role=CopyRole.SILENT).first()
        if last is not None and last.role == CopyRole.FOLLOWS:
            yield one.pk


def _asked(copies: Sequence[DataCopy]) -> list[Found]:
    """Addresses are looked up here: the threads touch no tables."""
    if not copies:
        return []
    at = clock.database_now()
    ways = [_way(one) for one in copies]
    with ThreadPoolExecutor(min(AT_ONCE, len(copies))) as pool:
        return list(
            pool.map(lambda pair: _look(pair[0], pair[1], at), zip(copies, ways, strict=True))
        )


def _way(copy: DataCopy) -> str | Wrong:
    try:
        return dsn(copy.database.name)
    except Wrong as wrong:
        return wrong


def _look(copy: DataCopy, way: str | Wrong, at: datetime) -> Found:
    if isinstance(way, Wrong):
        return Found(copy, at, None, str(way))
    try:
        return Found(copy, at, pg_replicas.look(way, seconds=SECONDS))
    except (Fault, TimeoutError) as error:
        return Found(copy, at, None, str(error))


def _sampled(found: Found, all_found: Sequence[Found]) -> CopySample:
    look = found.look
    if look is None:
        return CopySample(
            copy=found.copy, at=found.at, role=CopyRole.SILENT, detail=found.fault[:300]
        )
    sample = CopySample(
        copy=found.copy, at=found.at, role=CopyRole(look.part), place=place_of(look.lsn),
        ahead=look.clock - found.at,
    )  # fmt: skip
    if sample.role == CopyRole.FOLLOWS:
        _judge(sample, look, found.copy, all_found)
    else:
        sample.safe_until = found.at
    return sample


def _judge(sample: CopySample, look: Look, copy: DataCopy, all_found: Sequence[Found]) -> None:
    leader, ahead, marks = _leader(copy, sample.at, all_found)
    if look.replayed_at is not None and leader is not None:
        sample.replayed_at = look.replayed_at - ahead
    seen = Seen(sample.at, sample.place or 0, sample.replayed_at)
    sample.safe_until = safe_until(seen, marks)


def _leader(
    copy: DataCopy, at: datetime, all_found: Sequence[Found]
) -> tuple[int | None, timedelta, list[Mark]]:
    """Who takes writes or did last, by how much its clock is before ours, and where it stood when."""
    for one in all_found:
        if (
            one.copy.data_id == copy.data_id
            and one.look
            and one.look.part != pg_replicas.Part.FOLLOWS
        ):
            now = [Mark(one.at, place_of(one.look.lsn))]
            return (
                one.copy.pk,
                max(NOTHING, one.look.clock - one.at),
                [*now, *_marks(one.copy.pk, at)],
            )
    led = CopySample.objects.filter(
        copy__data=copy.data_id, role__in=[CopyRole.LEADS, CopyRole.FENCED]
    )
    last = led.first()
    if last is None:
        return None, NOTHING, []
    return last.copy_id, max(NOTHING, last.ahead), _marks(last.copy_id, at)


def _marks(copy: int, at: datetime) -> list[Mark]:
    """Since it last began to take writes: what it had as a replica is another one's log."""
    rows = CopySample.objects.filter(copy=copy, at__gte=at - MARKS, at__lte=at)
    followed = (
        rows.filter(role=CopyRole.FOLLOWS).order_by("-at").values_list("at", flat=True).first()
    )
    if followed:
        rows = rows.filter(at__gt=followed)
    led = rows.filter(role__in=[CopyRole.LEADS, CopyRole.FENCED])
    return [Mark(at, place) for at, place in led.values_list("at", "place") if place is not None]


def _silent(hosts: Sequence[Host]) -> list[str]:
    if not hosts:
        return []
    with ThreadPoolExecutor(min(AT_ONCE, len(hosts))) as pool:
        answers = list(pool.map(_answers, hosts))
    return [one.name for one, answered in zip(hosts, answers, strict=True) if not answered]


def _answers(host: Host) -> bool:
    """Whether anybody opens the door that runbooks come in by."""
    if host.way == Way.LOCAL:
        return True
    target = target_of(host)
    try:
        with tcp.connection(target.address, target.port, seconds=SECONDS):
            return True
    except OSError:
        return False
