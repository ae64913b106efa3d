import contextlib
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import psutil
from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from monitoring.collector import CollectError, Collector, CollectorForm, Reading, Settings
from monitoring.registry import collectors

WINDOW: Final = 0.5  # seconds in which the processor's time is measured
LONGEST_PID: Final = 32  # bytes of a pid file
GONE: Final = (psutil.NoSuchProcess, psutil.ZombieProcess)


class ProcessForm(CollectorForm):
    name = forms.CharField(
        label=_("name of the program"), required=False, max_length=200,
        help_text=_("Such as nginx: exactly the name that ps shows."),
    )  # fmt: skip
    command = forms.CharField(
        label=_("the command contains"), required=False, max_length=500,
        help_text=_("Such as wallet-node --mainnet."),
    )  # fmt: skip
    pid_file = forms.CharField(label=_("pid file"), required=False, max_length=400)
    at_least = forms.IntegerField(
        label=_("at least"), min_value=1, max_value=10_000, initial=1,
        help_text=_("Fewer processes are a fault."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not any(said.get(name) for name in ("name", "command", "pid_file")):
            self.add_error("name", _("Say which: by name, command or pid file."))
        return said


@collectors.register("process")
class Process(Collector):
    title = _("Process")
    purpose = _("Does a program run on the machine of the checks, and what does it take?")
    form = ProcessForm
    here = True

    def collect(self, settings: Settings, *, timeout: float) -> Iterable[Reading]:
        found = [*_matching(settings)]
        yield Reading("process_count", len(found))
        if found:
            yield from _measured(found, min(WINDOW, timeout / 4))
        if len(found) < settings["at_least"]:
            raise CollectError(
                _now("%(count)s processes run, not %(least)s.")
                % {"count": len(found), "least": settings["at_least"]}
            )


def _matching(settings: Settings) -> Iterator[psutil.Process]:
    name, command, pid_file = settings["name"], settings["command"], settings["pid_file"]
    for process in [_of_file(pid_file)] if pid_file else psutil.process_iter():
        with contextlib.suppress(*GONE, psutil.AccessDenied):
            if process is None or process.status() == psutil.STATUS_ZOMBIE:
                continue
            if name and process.name() != name:
                continue
            if command and command not in " ".join(process.cmdline()):
                continue
            yield process


def _of_file(path: str) -> psutil.Process | None:
    """None when the file is of a process that is gone."""
    file = Path(path)
    if file.exists() and not file.is_file():  # a pipe would be waited at for ever
        raise CollectError(_now("There is no number in the pid file."))
    try:
        with file.open("rb") as opened:
            pid = int(opened.read(LONGEST_PID).split()[0])
        return psutil.Process(pid) if pid > 0 else None
    except OSError as error:
        text = _now("The pid file cannot be read: %(why)s.")
        raise CollectError(text % {"why": error.strerror}) from error
    except (ValueError, IndexError, OverflowError) as error:
        raise CollectError(_now("There is no number in the pid file.")) from error
    except psutil.NoSuchProcess:
        return None


def _measured(found: list[psutil.Process], window: float) -> Iterator[Reading]:
    began, before = time.monotonic(), _spent(found)
    time.sleep(window)
    after, passed = _spent(found), time.monotonic() - began
    used = sum(max(0.0, after[pid] - before[pid]) for pid in after.keys() & before.keys())
    yield Reading("process_cpu", 100 * used / passed, unit="%")
    memory = files = threads = 0
    born = []
    for process in found:
        with contextlib.suppress(*GONE, psutil.AccessDenied), process.oneshot():
            memory += process.memory_info().rss
            threads += process.num_threads()
            born.append(process.create_time())
            files += process.num_fds()  # others' are hidden from all but root
    yield Reading("process_memory_bytes", memory, unit="B")
    yield Reading("process_threads", threads)
    if files:
        yield Reading("process_open_files", files)
    if born:  # of the youngest: it falls whenever one is started again
        yield Reading("process_age_seconds", max(0.0, time.time() - max(born)), unit="s")


def _spent(found: list[psutil.Process]) -> dict[int, float]:
    spent = {}
    for process in found:
        with contextlib.suppress(*GONE, psutil.AccessDenied):
            times = process.cpu_times()
            spent[process.pid] = times.user + times.system
    return spent
