"""What `manage.py up` runs beside PostgreSQL: one line of command each."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

WEB_WORKERS = 2
WEB_THREADS = 4
WORKER_THREADS = 4


@dataclass(frozen=True)
class Process:
    """A process to keep running; lower stages end first when everything stops."""

    name: str
    command: Sequence[str]
    stage: int


def portal(bind: str, port: int) -> list[Process]:
    """Beat ends first so that nothing new is due; the web and the workers finish what they hold."""
    return [
        Process("web", _web(bind, port), stage=1),
        Process("worker-pages", _worker("pages", "page"), stage=1),
        Process("worker-background", _worker("background", "notify,bulk,pdf"), stage=1),
        Process("beat", _beat(), stage=0),
    ]


def sandbox() -> Process:
    """Last to end: workers may be in the middle of a send to it."""
    return Process("sandbox", _python("sandbox"), stage=2)


def _python(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments]


def _web(bind: str, port: int) -> list[str]:
    return _python(
        "granian",
        "--interface=wsgi",
        f"--host={bind}",
        f"--port={port}",
        f"--workers={WEB_WORKERS}",
        f"--blocking-threads={WEB_THREADS}",
        "--backlog=2048",
        "--no-ws",
        "--respawn-failed-workers",
        "--respawn-interval=0.5",
        "--workers-kill-timeout=4",
        "config.wsgi:application",
    )


def _worker(name: str, queues: str) -> list[str]:
    # Workers need neither each other's news nor roll calls: rows say what is to be done.
    lonely = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    threads = ("--pool=threads", f"--concurrency={WORKER_THREADS}")
    who = (f"--hostname={name}@%h", f"--queues={queues}", "--loglevel=WARNING")
    return _python("celery", "--app=config", "worker", *who, *threads, *lonely)


def _beat() -> list[str]:
    quietly = ("--loglevel=WARNING", "--pidfile=")
    return _python("celery", "--app=config", "beat", f"--scheduler={SCHEDULER}", *quietly)


SCHEDULER = "config.scheduler:LeasedScheduler"
