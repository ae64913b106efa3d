"""The newest backup that is whole: its size, its checksum, and whether pg_restore can read it. Newer ones that are not are told."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext_lazy

from core.told import Joined
from core.told import Told as _
from integrations.backups import Backup, Unusable, newest_first, verified
from runbooks.domain.placeholders import names_in
from runbooks.domain.writing import duration, only, text
from runbooks.step import Kind, Result, Work, steps

MOST: Final = 10  # that are looked at
MINUTE: Final = timedelta(minutes=1)


@steps.register("find_backup")
class FindBackup(Kind):
    """`rpo`: how old it may be at most, from when the run began to look."""

    label = gettext_lazy("Find a backup")
    timeout = timedelta(minutes=30)

    def check(self, settings: Mapping[str, Any]) -> None:
        only(settings, ("database", "folder", "rpo"), "find_backup")
        for name in ("database", "folder", "rpo"):
            text(settings.get(name), name)
        if not names_in(settings["rpo"]):
            duration(settings["rpo"], "rpo")

    def reads_only(self, settings: Mapping[str, Any]) -> bool:
        return True

    def foretell(self, settings: Mapping[str, Any]) -> str:
        return f"{settings['folder']}/{settings['database']}-*.json, {settings['rpo']}"

    def run(self, work: Work) -> Result:
        given, rpo = work.settings, duration(work.settings["rpo"], "rpo")
        rows: list[dict[str, Any]] = []
        for path in list(newest_first(Path(given["folder"]), given["database"]))[:MOST]:
            try:
                backup = verified(path, secret=settings.BACKUP_KEY)
            except Unusable as why:
                rows.append({"backup": path.stem, "verdict": "unusable", "why": Joined([why])})
                continue
            return _found(backup, work, rpo, rows)
        return Result.failed(
            _("There is no backup that could be restored."), rows=rows, output=_drawn(rows)
        )


def _found(backup: Backup, work: Work, rpo: timedelta, rows: list[dict[str, Any]]) -> Result:
    manifest = backup.manifest
    age = work.began_at - manifest.made_at
    told = {"minutes": int(age / MINUTE), "size": f"{manifest.size / 1e6:,.1f}"}
    text = _("%(minutes)s min old, %(size)s MB, verified.", **told)
    verdict = "too old" if age > rpo else "good"
    rows.append({"backup": backup.path.stem, "verdict": verdict, "minutes": told["minutes"]})
    if age > rpo:
        late = _("That is older than the RPO of %(rpo)s allows.", rpo=work.settings["rpo"])
        return Result.failed(Joined([text, late]), rows=rows, output=_drawn(rows))
    facts = {
        "manifest": str(backup.path), "name": backup.path.stem, "sha256": manifest.sha256,
        "minutes": told["minutes"], "made_at": manifest.made_at.isoformat(),
    }  # fmt: skip
    return Result.done(text, rows=rows, output=_drawn(rows), facts=facts)


def _drawn(rows: list[dict[str, Any]]) -> str:
    return "\n".join(
        f"{row['backup']}  {row['verdict']}  {row.get('why', '')}".rstrip() for row in rows
    )
