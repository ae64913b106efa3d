"""What the steps of a data recovery share: the names of the databases, and the marks that prove what was done."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings as keys

from core.told import Joined
from core.told import Told as _
from integrations.backups import Backup, Unusable, read, verified
from integrations.pg_databases import LONGEST_NAME
from runbooks.domain.writing import Wrong, text
from runbooks.step import Work

BEFORE = "_before_20261130_010203"  # the longest that is put behind a name


def restored_name(database: str) -> str:
    """Raises Wrong."""
    if len(database.encode()) > LONGEST_NAME - len(BEFORE):
        raise Wrong(_("The name of the database is too long for another one beside it."))
    return f"{database}_restored"


def mark(work: Work, what: str, **more: Any) -> dict[str, Any]:
    """In the comment of a database: who made it what it is, by which a successor knows it for its own."""
    return {"bongsu": what, "run": work.run, "step": work.step, "at": work.at.isoformat(), **more}


def is_ours(found: Mapping[str, Any], work: Work, what: str) -> bool:
    return found.get("bongsu") == what and found.get("step") == work.step


def backup_of(settings: Mapping[str, Any], *, whole: bool = True) -> Backup:
    """Still the one that was found, by its manifest, and by its dump where `whole`. Raises Wrong: nothing has begun."""
    try:
        path = Path(settings["backup"])
        backup = verified(path, secret=keys.BACKUP_KEY) if whole else read(path)
    except Unusable as why:
        raise Wrong(Joined([why])) from why
    if backup.manifest.sha256 != settings["sha256"]:
        raise Wrong(_("It is another backup by now."))
    return backup


def texts(settings: Mapping[str, Any], *names: str) -> None:
    """Raises Wrong."""
    for name in names:
        text(settings.get(name), name)
