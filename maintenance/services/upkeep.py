"""What is kept no longer of routine work, and of backups that are gone."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import F, Q

from maintenance.models import OPEN, Backup, BackupState, RestoreTest, RoutinePaper, RoutineRun

RUNS_KEPT: Final = timedelta(days=800)  # a job's page shows the last eight quarters
EVIDENCE_KEPT: Final = timedelta(days=90)  # what was found stays as long as its run
BATCH: Final = 1_000


def prune_runs(*, at: datetime) -> None:
    ended = RoutineRun.objects.exclude(status__in=OPEN)
    proven = ended.filter(due_at__lt=at - EVIDENCE_KEPT).exclude(evidence={}).order_by()
    while batch := list(proven.values_list("pk", flat=True)[:BATCH]):
        RoutineRun.objects.filter(pk__in=batch).update(evidence={})
    old = ended.filter(due_at__lt=at - RUNS_KEPT).order_by()
    while batch := list(old.values_list("pk", flat=True)[:BATCH]):
        RoutineRun.objects.filter(pk__in=batch).delete()
    RoutinePaper.objects.filter(first__lt=(at - RUNS_KEPT).date()).delete()


def prune_backups(*, at: datetime) -> None:
    """Rows only: of what still lies there nothing is forgotten, nor of what was asked for last, which would be made again."""
    long_ago = at - RUNS_KEPT
    RestoreTest.objects.filter(begun_at__lt=long_ago).exclude(
        backup__state=BackupState.MADE
    ).delete()
    ended = Backup.objects.filter(state__in=[BackupState.GONE, BackupState.FAILED])
    last_asked = Q(period__isnull=False, plan__asked_at=F("period"))
    ended.filter(begun_at__lt=long_ago).exclude(last_asked).delete()
