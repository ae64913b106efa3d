"""A run in a process of its own: it ends at its limit, with its worker, and by itself."""

import contextlib
import os
import signal
import subprocess
import sys
from datetime import timedelta
from unittest.mock import patch
from urllib.parse import quote

import psutil
import pytest
from django.conf import settings
from django.db import connection

from core import clock
from maintenance.models import Routine, RoutineRun, Status, Why
from maintenance.registry import jobs
from maintenance.services.planning import know_jobs
from maintenance.services.running import claim, in_its_own_process

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def same_database(monkeypatch):
    said = connection.settings_dict
    who = f"{said['USER']}:{quote(str(said['PASSWORD']), safe='')}"
    where = f"{said['NAME']}?host={said['HOST']}&port={said['PORT']}"
    monkeypatch.setenv("DATABASE_URL", f"postgres://{who}@/{where}")
    monkeypatch.setenv("CELERY_BROKER_URL", "memory://")


@pytest.fixture
def run():
    at = clock.database_now()
    know_jobs(at=at)
    routine = Routine.objects.get(name="log_analysis")
    RoutineRun.objects.create(routine=routine, due_at=at)
    return claim(at=at)


def test_what_it_finds_is_kept_by_its_own_process(run):
    in_its_own_process(run)
    run.refresh_from_db()
    assert (run.status, run.error) == (Status.SUCCESS, "")
    assert run.findings[0]["code"] == "no_logs"


def test_one_that_takes_too_long_is_ended(run):
    with patch.object(type(jobs["log_analysis"]), "limit", timedelta(seconds=0.05)):
        in_its_own_process(run)
    run.refresh_from_db()
    assert (run.status, run.why) == (Status.FAILED, Why.TOO_LONG)
    assert not children()


def test_one_whose_process_ends_has_failed(run):
    with patch.object(sys, "executable", "/bin/false"):
        in_its_own_process(run)
    run.refresh_from_db()
    assert (run.status, run.why, run.error) == (Status.FAILED, Why.CRASHED, "exit status 1")


def test_it_ends_with_the_worker_that_started_it():
    """Its standard input is the worker's end of a pipe."""
    waits = "from maintenance.management.commands import perform_routine as p; import os; p._end_with_who_started_us()"
    child = subprocess.Popen(
        [sys.executable, "-c", f"import django; django.setup(); {waits}"], cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE, start_new_session=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"},
    )  # fmt: skip
    assert child.stdin
    child.stdin.close()
    assert child.wait(60) == -signal.SIGKILL


def children() -> list[psutil.Process]:
    found = []
    for one in psutil.Process().children():
        with contextlib.suppress(psutil.NoSuchProcess):  # gone meanwhile, or nearly
            if "perform_routine" in one.cmdline():
                found.append(one)
    return found
