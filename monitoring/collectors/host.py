import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psutil
from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from monitoring.collector import CollectError, Collector, CollectorForm, Reading, Settings
from monitoring.domain.usage import rates, shares
from monitoring.registry import collectors

WINDOW: Final = 1.0  # seconds, where nothing was looked at before
OLDEST: Final = 600.0  # seconds; a mean over longer hides what it should show
NO_DISK: Final = {"squashfs", "iso9660", "overlay", "autofs"}
OPEN_FILES: Final = Path("/proc/sys/fs/file-nr")
VIRTUAL: Final = ("lo", "veth", "docker", "br-", "virbr", "cni", "flannel", "cali")


class HostForm(CollectorForm):
    mounts = forms.CharField(
        label=_("mounts"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"class": "mono", "rows": 2, "spellcheck": "false"}),
        help_text=_("One a line. Empty: all local disks. One on the network may hang."),
    )  # fmt: skip


@dataclass(frozen=True)
class Look:
    """The machine's counters at one moment."""

    at: float = field(default_factory=time.monotonic)
    cpu: dict[str, float] = field(default_factory=lambda: psutil.cpu_times()._asdict())
    counters: dict[str, float] = field(default_factory=lambda: dict(_counters()))


@collectors.register("host")
class Host(Collector):
    title = _("Host")
    purpose = _("Processor, memory, disks, network and load of the machine that runs the checks.")
    form = HostForm
    here = True
    of_host = True

    # The machine is the same whoever asks: the counters of the last look spare a wait for new ones.
    last: Look | None = None

    def collect(self, settings: Settings, *, timeout: float) -> Iterable[Reading]:
        yield from self._rates(timeout)
        yield from _memory()
        yield from _system()
        for mount in settings["mounts"].splitlines() or local_mounts():
            if mount.strip():
                yield from _disk(mount.strip())

    def _rates(self, timeout: float) -> Iterator[Reading]:
        before = self.last
        if before is None or not WINDOW <= time.monotonic() - before.at <= OLDEST:
            before = Look()
            time.sleep(min(WINDOW, timeout / 4))
        self.last = now = Look()
        for name, share in shares(before.cpu, now.cpu).items():
            yield Reading(f"host_cpu_{name}", share, unit="%")
        for key, rate in rates(before.counters, now.counters, now.at - before.at).items():
            name, _space, interface = key.partition(" ")
            unit = "B/s" if name.endswith("bytes") else "/s"
            yield Reading(name, rate, {"interface": interface} if interface else {}, unit)


def _counters() -> Iterator[tuple[str, float]]:
    if disks := psutil.disk_io_counters():
        yield "host_disk_read_bytes", disks.read_bytes
        yield "host_disk_written_bytes", disks.write_bytes
    for name, card in psutil.net_io_counters(pernic=True).items():
        if not name.startswith(VIRTUAL):
            yield f"host_network_received_bytes {name}", card.bytes_recv
            yield f"host_network_sent_bytes {name}", card.bytes_sent
            yield (
                f"host_network_faults {name}",
                card.errin + card.errout + card.dropin + card.dropout,
            )


def _memory() -> Iterator[Reading]:
    memory, swap = psutil.virtual_memory(), psutil.swap_memory()
    yield Reading("host_memory_used", memory.percent, unit="%")
    yield Reading("host_memory_available_bytes", memory.available, unit="B")
    yield Reading("host_memory_total_bytes", memory.total, unit="B")
    if swap.total:
        yield Reading("host_swap_used", swap.percent, unit="%")


def _system() -> Iterator[Reading]:
    processors = psutil.cpu_count() or 1
    yield Reading("host_cpus", processors)
    load = psutil.getloadavg()
    for minutes, value in zip((1, 5, 15), load, strict=True):
        yield Reading(f"host_load_{minutes}m", value)
    yield Reading("host_load_per_cpu", load[1] / processors)
    yield Reading("host_uptime_seconds", time.time() - psutil.boot_time(), unit="s")
    yield Reading("host_processes", len(psutil.pids()))
    if OPEN_FILES.exists():
        taken, _free, limit = map(int, OPEN_FILES.read_text().split())
        yield Reading("host_open_files", taken)
        yield Reading("host_open_files_used", 100 * taken / limit, unit="%")


def local_mounts() -> list[str]:
    """Each device once, by its shortest name; in a container at least the root."""
    found: dict[str, str] = {}
    for part in sorted(psutil.disk_partitions(all=False), key=lambda one: len(one.mountpoint)):
        if part.fstype not in NO_DISK and Path(part.mountpoint).is_dir():
            found.setdefault(part.device, part.mountpoint)
    return sorted(found.values()) or ["/"]


def _disk(mount: str) -> Iterator[Reading]:
    labels = {"mount": mount}
    try:
        space, nodes = psutil.disk_usage(mount), os.statvfs(mount)
    except OSError as error:
        raise CollectError(
            _now("%(mount)s cannot be looked at: %(why)s.")
            % {"mount": mount, "why": error.strerror}
        ) from error
    yield Reading("host_disk_used", space.percent, labels, "%")
    yield Reading("host_disk_free_bytes", space.free, labels, "B")
    yield Reading("host_disk_total_bytes", space.total, labels, "B")
    if nodes.f_files:
        used = 100 * (nodes.f_files - nodes.f_favail) / nodes.f_files
        yield Reading("host_disk_inodes_used", used, labels, "%")
