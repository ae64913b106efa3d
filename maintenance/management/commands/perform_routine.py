import os
import signal
import sys
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from maintenance.models import RoutineRun, Status
from maintenance.services.running import perform


class Command(BaseCommand):
    help = (
        "Performs a run that somebody has claimed; a worker starts it, and it ends with the worker."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", type=int)
        parser.add_argument("lease")

    def handle(self, *args: Any, run: int, lease: str, **options: Any) -> None:
        threading.Thread(target=_end_with_who_started_us, daemon=True).start()
        rows = RoutineRun.objects.select_related("routine")
        if held := rows.filter(pk=run, lease=lease, status=Status.RUNNING).first():
            perform(held)


def _end_with_who_started_us() -> None:
    """Also what a job started: all are in the group of this process.

    Not by `sys.stdin`, whose lock this thread would hold when the process wants to end.
    """
    os.read(sys.stdin.fileno(), 1)
    if os.getpgrp() == os.getpid():  # else it is a person's shell
        os.killpg(os.getpgrp(), signal.SIGKILL)
