"""What everybody has is marked as a capacity by itself: the portal's own machine and its database.

Each metric once. Whoever deletes such a capacity does not get it back, and whoever changes it keeps the change.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import psutil
from django.conf import settings
from django.db import connection, transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.models import Planted
from maintenance.models import Capacity, CapacityKind
from monitoring.models import Check, Metric

WARNING, FULL = 80.0, 90.0  # per cent: beyond it queues grow, and file systems slow down
OF_DISK: Final = 0.9  # of what is free, a database may take so much


@dataclass(frozen=True)
class Usual:
    name: Promise
    kind: str


OF_HOST: Final = {
    "host_cpu_used": Usual(_("CPU of %(host)s"), CapacityKind.CPU),
    "host_memory_used": Usual(_("Memory of %(host)s"), CapacityKind.MEMORY),
    "host_disk_used": Usual(_("Disk %(mount)s of %(host)s"), CapacityKind.STORAGE),
}
DATABASE: Final = Usual(_("The portal's database"), CapacityKind.STORAGE)
SIZE: Final = "postgresql_database_size"


def mark_own() -> int:
    if not settings.OWN_CAPACITIES:
        return 0
    with translation.override(settings.LANGUAGE_CODE):
        return sum(_mark(one) for one in [*_of_hosts(), *_of_database()])


def _mark(capacity: Capacity) -> bool:
    with transaction.atomic():
        if not Planted.objects.first_time(f"capacity of metric {capacity.metric_id}"):
            return False
        capacity.save()
        return True


def _of_hosts() -> Iterator[Capacity]:
    """Of the machines that the portal's own checks look at, not of those with an agent."""
    hosts = Check.objects.filter(enabled=True, collector="host").exclude(host="")
    for host in set(hosts.values_list("host", flat=True)):
        rows = Metric.objects.of_host(host).filter(name__in=OF_HOST, capacity=None)
        for metric in rows.filter(retired_at=None):
            usual = OF_HOST[metric.name]
            cores = psutil.cpu_count() if usual.kind == CapacityKind.CPU else None
            yield Capacity(
                metric=metric, name=_named(usual, metric), kind=usual.kind, pieces=cores,
                warning_at=WARNING, full_at=FULL,
            )  # fmt: skip


def _of_database() -> Iterator[Capacity]:
    """Full with the disk it lies on, as that is now; of one elsewhere nobody here knows the disk."""
    place = settings.BONGSU_HOME / "postgres" / "data"
    if not place.is_dir() or "/" not in str(connection.settings_dict["HOST"]):
        return
    checks = Check.objects.filter(enabled=True, collector="postgresql", settings__address="portal")
    names = [{"check": name} for name in checks.values_list("name", flat=True)]
    for metric in Metric.objects.filter(name=SIZE, labels__in=names, capacity=None):
        full_at = float(f"{_size() + OF_DISK * psutil.disk_usage(str(place)).free:.2g}")
        yield Capacity(
            metric=metric, name=str(DATABASE.name), kind=DATABASE.kind,
            warning_at=WARNING / FULL * full_at, full_at=full_at,
        )  # fmt: skip


def _size() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def _named(usual: Usual, metric: Metric) -> str:
    return (str(usual.name) % {"mount": "", **metric.labels})[:120]
