"""Who runs what is due: a claim with a lease, the work in a process of its own, a fenced finish.

Nobody's death leaves a run open: its lease ends, somebody else takes it up once, and then it has failed.
"""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from time import monotonic
from typing import Any, Final
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from core import clock
from maintenance.job import Finding, Level, Outcome
from maintenance.models import LEASE, RoutineRun, Status, Why
from maintenance.registry import jobs
from maintenance.services.telling import tell_of

TRIES: Final = 2
RENEW: Final = 10.0  # seconds
LONGEST_ERROR: Final = 2_000
KEPT: Final = 500  # findings


def run_due(*, perform: Callable[[RoutineRun], None] | None = None) -> int:
    give_back(at=clock.database_now())
    done = 0
    while run := claim(at=clock.database_now()):
        (perform or in_its_own_process)(run)
        done += 1
    return done


def claim(*, at: datetime) -> RoutineRun | None:
    """The longest due, which then nobody else can have."""
    with transaction.atomic():
        rows = RoutineRun.objects.select_related("routine").filter(status=Status.WAITING)
        held = rows.filter(routine__name__in=list(jobs)).select_for_update(
            skip_locked=True, of=("self",)
        )
        run = held.order_by("due_at", "id").first()
        if run is None:
            return None
        run.status, run.attempts, run.started_at = Status.RUNNING, run.attempts + 1, at
        run.lease, run.leased_until = uuid4(), at + LEASE
        run.save(update_fields=["status", "attempts", "started_at", "lease", "leased_until"])
    return run


def renew(run: RoutineRun, *, at: datetime) -> bool:
    """False: it is somebody else's by now."""
    return bool(_ours(run).update(leased_until=at + LEASE))


def give_back(*, at: datetime) -> None:
    """What nobody has at heart any more is taken up once; whoever is killed twice by it, it has failed."""
    lost = RoutineRun.objects.known().lost(at)  # of another version's jobs nothing could be told
    lost.filter(attempts__lt=TRIES).update(
        status=Status.WAITING, lease=None, leased_until=None, started_at=None
    )
    for run in lost.select_related("routine"):
        fail(run, Why.LOST, at=at)


def finish(run: RoutineRun, outcome: Outcome, *, at: datetime) -> bool:
    """With what it found; that may mean that it has failed. False: somebody else has it by now."""
    said = {
        "findings": [asdict(found) for found in _most(outcome.findings)],
        "figures": dict(outcome.figures),
        "evidence": dict(outcome.evidence),
    }
    if outcome.failed:
        return _end(run, Status.FAILED, at, why=Why.FOUND, **said)
    return _end(run, Status.SUCCESS, at, **said)


def _most(found: Sequence[Finding]) -> list[Finding]:
    """The worst of them: a page, a PDF and a mail shall tell them."""
    ranked = sorted(found, key=lambda one: list(Level).index(one.level), reverse=True)
    left = len(ranked) - KEPT
    return ranked[:KEPT] + ([Finding("more", {"count": f"{left:,}"})] if left > 0 else [])


def fail(run: RoutineRun, why: Why, error: str = "", *, at: datetime) -> bool:
    return _end(run, Status.FAILED, at, why=why, error=error[:LONGEST_ERROR])


def perform(run: RoutineRun) -> None:
    """Here and now, without a bound: for the process that was started for it."""
    try:
        outcome = run.routine.job.run(at=clock.database_now())
    except Exception as raised:
        error = f"{type(raised).__name__}: {raised}"
        fail(run, Why.RAISED, error, at=clock.database_now())
    else:
        finish(run, outcome, at=clock.database_now())


def in_its_own_process(run: RoutineRun) -> None:
    """Which ends when it takes too long, and when we end: it listens to the pipe from us."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "perform_routine"]
    child = subprocess.Popen(  # noqa: S603 - our own command line, never a shell
        [*command, str(run.pk), str(run.lease)], stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL, start_new_session=True, cwd=settings.BASE_DIR,
    )  # fmt: skip
    try:
        _watch(child, run)
    finally:
        _end_all(child)


def _watch(child: subprocess.Popen[bytes], run: RoutineRun) -> None:
    limit = run.routine.job.limit.total_seconds()
    began = monotonic()
    while (left := limit - (monotonic() - began)) > 0:
        try:
            status = child.wait(min(RENEW, left))
        except subprocess.TimeoutExpired:
            if not renew(run, at=clock.database_now()):
                return
        else:
            # A row that is over stays as it is.
            fail(run, Why.CRASHED, f"exit status {status}", at=clock.database_now())
            return
    fail(run, Why.TOO_LONG, at=clock.database_now())


def _end_all(child: subprocess.Popen[bytes]) -> None:
    """With whatever it started, such as the restore of a backup."""
    if child.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    if child.stdin:
        child.stdin.close()


def _end(run: RoutineRun, status: Status, at: datetime, **said: Any) -> bool:
    with transaction.atomic():
        over = {"status": status, "ended_at": at, "lease": None, "leased_until": None}
        if not _ours(run).update(**over, **said):
            return False
        for name, value in {**over, **said}.items():
            setattr(run, name, value)
        tell_of(run, at=at)
    return True


def _ours(run: RoutineRun) -> QuerySet[RoutineRun]:
    return RoutineRun.objects.filter(pk=run.pk, status=Status.RUNNING, lease=run.lease)
