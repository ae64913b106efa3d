"""What a worker that will be killed does: the tick of runs, under leases short enough for a test."""

from datetime import timedelta
from typing import Final

from django.conf import settings

from runbooks import crew
from runbooks.services import advancing
from runbooks.tasks import advance

LEASE: Final = timedelta(seconds=5)  # a crowded machine stands still for a second now and then


def work(key: str) -> None:
    """`key` is the file of the SSH key."""
    settings.SSH_KEY_FILE = key
    advancing.LEASE = LEASE
    crew.RENEWED = LEASE.total_seconds() / 4
    advance()
