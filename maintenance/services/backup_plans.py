"""Where the database of a plan is reached, and what may go wrong there and in its place."""

import socket
from typing import Final

from django.conf import settings
from django.utils.functional import lazy
from psycopg2.extensions import parse_dsn

from core.bilingual import in_both
from integrations.postgresql import Fault
from maintenance.models import BackupPlan
from maintenance.places import Misplaced, place_of
from runbooks import inventory
from runbooks.domain.writing import Wrong

HERE: Final = socket.gethostname()
TROUBLE: Final = (Misplaced, Fault, TimeoutError, OSError, Wrong)


def address_of(plan: BackupPlan) -> str:
    """Raises Wrong."""
    return inventory.dsn(plan.database.name) if plan.database else inventory.own()


def database_of(plan: BackupPlan) -> str:
    """Its name on its server. Raises Wrong."""
    found = parse_dsn(address_of(plan))
    return str(found.get("dbname") or found.get("user") or "")


def mixed_up_with(plan: BackupPlan) -> BackupPlan | None:
    """Another one whose files are called as those of this one, in the same place: the newest of both would be its newest."""
    mine = _names(plan)
    others = BackupPlan.objects.exclude(pk=plan.pk).select_related("database")
    return next((one for one in others if mine and _names(one) == mine), None)


def _names(plan: BackupPlan) -> tuple[str, str] | None:
    try:
        return place_of(plan).name, database_of(plan)
    except TROUBLE:
        return None


def secret_of(plan: BackupPlan) -> str:
    """Raises Misplaced."""
    if plan.sealed and not settings.BACKUP_KEY:
        raise Misplaced("BONGSU_BACKUP_KEY is not set.")
    return settings.BACKUP_KEY if plan.sealed else ""


def said(error: Exception) -> str:
    """In a sentence of ours: which file, and not the number of the error."""
    if isinstance(error, OSError) and error.filename and error.strerror:
        return f"{error.filename}: {error.strerror}"
    return str(error)[:500]


def in_words(error: Exception) -> dict[str, str]:
    """As it reads in each language, for a row that people of both will read."""
    return in_both(lazy(said, str)(error))
