"""Before a backup is restored: whether the server has the room for it, and the account may make what is in it."""

import shutil
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext_lazy

from core.told import Joined
from core.told import Told as _
from integrations import pg_ready, ssh
from integrations.backups import Backup, extensions_of
from integrations.postgresql import Fault, Session, session
from runbooks.domain.readers import room
from runbooks.domain.recovery import room_for, size
from runbooks.domain.writing import only
from runbooks.inventory import dsn, host_at
from runbooks.recovering import backup_of, texts
from runbooks.step import Kind, Result, Work, steps
from runbooks.trouble import of_database

LOOK: Final = 20.0  # seconds


@steps.register("restore_ready")
class RestoreReady(Kind):
    """One row about the `room` (enough, short or unknown), and one for each `extension` that cannot be made."""

    label = gettext_lazy("Room for a restore")
    timeout = timedelta(minutes=5)

    def check(self, settings: Mapping[str, Any]) -> None:
        only(settings, ("on", "database", "backup", "sha256"), "restore_ready")
        texts(settings, "on", "database", "backup", "sha256")

    def reads_only(self, settings: Mapping[str, Any]) -> bool:
        return True

    def foretell(self, settings: Mapping[str, Any]) -> str:
        return f"{settings['on']} › data_directory, {settings['backup']}"

    def run(self, work: Work) -> Result:
        address, backup = dsn(work.settings["on"]), backup_of(work.settings, whole=False)
        try:
            extensions = extensions_of(backup, secret=settings.BACKUP_KEY)
            with session(address, seconds=LOOK) as asked:
                lacks = list(_lacking(asked, extensions))
                folder = pg_ready.data_directory(asked)
                live = pg_ready.size_of(asked, work.settings["database"])
        except (Fault, TimeoutError) as error:
            return Result.failed(of_database(error))
        row = _room(backup, live, _free(pg_ready.address_of(address), folder))
        rows = [row, *lacks]
        told = Joined(one["say"] for one in rows)
        facts = {"needed": row["needed"]}
        if lacks or row["verdict"] == "short":
            return Result.failed(told, rows=rows, facts=facts)
        return Result.done(told, rows=rows, facts=facts)


def _lacking(asked: Session, extensions: list[str]) -> Iterator[dict[str, Any]]:
    for name, why in pg_ready.cannot_make(asked, extensions).items():
        say = _("The server has no extension %(name)s: install it there first.", name=name)
        if why == pg_ready.SUPERUSER:
            say = _(
                "Only a superuser may create the extension %(name)s: recover by a superuser's connection.",
                name=name,
            )
        yield {"extension": name, "verdict": why, "say": say}


def _free(address: str, folder: Path | None) -> int | None:
    """Here, or on a host of the inventory; None where it cannot be known."""
    if folder is None:
        return None
    if not address:
        return shutil.disk_usage(folder).free if folder.is_dir() else None
    if (target := host_at(address)) is None:
        return None
    [said] = ssh.run([target], ["df", "-Pk", str(folder)], seconds=LOOK)
    return room(said.out) if said.code == 0 else None


def _room(backup: Backup, live: int, free: int | None) -> dict[str, Any]:
    needed = room_for(backup.manifest.bytes, live, backup.manifest.size)
    told = {"needed": size(needed), "free": size(free or 0)}
    if free is None:
        text = _("How much room the server has is not known; it takes about %(needed)s.", **told)
        return {"verdict": "unknown", "needed": told["needed"], "say": text}
    if free < needed:
        text = _("The server has only %(free)s of room, and it takes about %(needed)s.", **told)
        return {"verdict": "short", "say": text, **told}
    text = _("The server has %(free)s of room; it takes about %(needed)s.", **told)
    return {"verdict": "enough", "say": text, **told}
