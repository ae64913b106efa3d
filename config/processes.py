"""What `manage.py up` runs beside PostgreSQL: one line of command each."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

WEB_WORKERS = 2
WEB_THREADS = 4


@dataclass(frozen=True)
class Process:
    """A process to keep running; lower stages end first when everything stops."""

    name: str
    command: Sequence[str]
    stage: int
    secrets: Sequence[str] = ()  # what of our environment only this one may see


def portal(bind: str, port: int) -> Process:
    """The web and the workers, forks of one process."""
    return Process("portal", _python("config.family", *web(bind, port)), stage=1)


def web(bind: str, port: int) -> list[str]:
    """Granian's command line."""
    return [
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
    ]


def statsd(port: int) -> Process:
    return Process("statsd", [sys.executable, "manage.py", "statsd", f"--port={port}"], stage=1)


def guard(url: str) -> Process:
    """No fork of the portal's family: it must live when that can not."""
    return Process("guard", [sys.executable, "manage.py", "guard", f"--url={url}"], stage=1)


def signer() -> Process:
    """It ends after those who ask it."""
    return Process("signer", [sys.executable, "manage.py", "signer"], stage=2, secrets=["TRON_KEY"])


def sandbox() -> Process:
    """Last to end: workers may be in the middle of a send to it."""
    return Process("sandbox", _python("sandbox"), stage=2)


def _python(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments]
