"""A backup restored beside the live database, into NAME_restored, of which the live one notices nothing.

It is filled under another name and gets its own as the last thing: where NAME_restored stands it is whole. What an
attempt left whose executor died bears its mark, and is dropped first, with whoever still fills it.
"""

import uuid
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from time import monotonic
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy

from core.told import Told as _
from integrations import pg_databases
from integrations.backups import Backup
from integrations.postgresql import Fault
from integrations.restores import MOMENT, fill
from runbooks.domain.writing import only
from runbooks.inventory import dsn
from runbooks.recovering import backup_of, is_ours, mark, restored_name, texts
from runbooks.step import Kind, Result, Work, steps
from runbooks.trouble import of_database


@steps.register("restore_backup")
class RestoreBackup(Kind):
    """`on`: a connection to another database of the server; `backup` and `sha256`: as find_backup found them."""

    label = gettext_lazy("Restore a backup")
    timeout = timedelta(hours=4)
    provable = True

    def check(self, settings: Mapping[str, Any]) -> None:
        only(settings, ("on", "database", "backup", "sha256"), "restore_backup")
        texts(settings, "on", "database", "backup", "sha256")

    def reads_only(self, settings: Mapping[str, Any]) -> bool:
        return False

    def foretell(self, settings: Mapping[str, Any]) -> str:
        return (
            f"{settings['on']} › pg_restore {settings['backup']} → {settings['database']}_restored"
        )

    def run(self, work: Work) -> Result:
        given = work.settings
        name, address = restored_name(given["database"]), dsn(given["on"])
        try:
            _cleared(name, address, work)
            there = pg_databases.marks(address, seconds=MOMENT)
            if name in there:
                return _stands(there[name], name, work)
            backup = backup_of(given)
            began = monotonic()
            _restored(backup, name, address, work)
            with suppress(Fault, TimeoutError):  # what a dead one had asked for came only now
                _cleared(name, address, work)
        except (Fault, TimeoutError) as error:
            return Result.failed(of_database(error))
        told = {"name": name, "seconds": int(monotonic() - began)}
        return Result.done(
            _("%(name)s was restored in %(seconds)s s.", **told), facts={"name": name}
        )


def _stands(found: Mapping[str, Any], name: str, work: Work) -> Result:
    if is_ours(found, work, "restored"):
        return Result.done(_("%(name)s is restored.", name=name), facts={"name": name})
    return Result.failed(_("%(name)s is there already: discard it first.", name=name))


def _begins(name: str, work: Work) -> str:
    return f"{name[:36]}_{work.step}_"


def _cleared(name: str, address: str, work: Work) -> None:
    """Also what has no mark yet: its executor died before it could set one."""
    for other, found in pg_databases.marks(address, seconds=MOMENT).items():
        unmarked = not found and other.startswith(_begins(name, work))
        if unmarked or is_ours(found, work, "restoring"):
            pg_databases.drop(address, other, seconds=MOMENT)


def _restored(backup: Backup, name: str, address: str, work: Work) -> None:
    """A failure leaves nothing behind. Raises Fault or TimeoutError."""
    fresh = f"{_begins(name, work)}{uuid.uuid4().hex[:12]}"
    more = {"backup": backup.path.stem}
    told = mark(work, "restoring", **more)
    fill(backup, address, fresh, told, seconds=work.seconds, secret=settings.BACKUP_KEY)
    try:
        whole = {fresh: (name, mark(work, "restored", **more))}
        pg_databases.rename(address, whole, seconds=MOMENT)
    except (Fault, TimeoutError):
        with suppress(Fault, TimeoutError):
            pg_databases.drop(address, fresh, seconds=MOMENT)
        raise
