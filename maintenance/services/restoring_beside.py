"""A backup restored beside what is live, and put in its place when somebody says so."""

import re
import uuid
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import Refused
from integrations import backups as house
from integrations import pg_databases
from integrations.restores import MOMENT, fill
from maintenance.domain.flaws import Flaw
from maintenance.models import BackupPlan
from maintenance.places import Folder, Place, place_of
from maintenance.services.backup_plans import TROUBLE, database_of, said
from maintenance.services.looking_at_backups import newest_of
from maintenance.words.backups import sentence
from runbooks.recovering import restored_name

LONGEST: Final = 6 * 3600.0  # seconds


def restore_beside(
    plan: BackupPlan, server: str, *, file: str = "", into: str = "", at: datetime
) -> tuple[str, str]:
    """The newest backup, or the one of this file, as a database beside the live one: its name, and the backup's.

    It gets its name when it is whole. Raises Refused, and what is wrong as its text.
    """
    try:
        place, name = place_of(plan), into or restored_name(database_of(plan))
        if file:
            place, chosen = _of_file(file, place)
        else:
            chosen = newest_of(plan, place, at)[0]
        if not chosen:
            raise Refused(sentence(Flaw("none")))
        if name in pg_databases.marks(server, seconds=MOMENT):
            raise Refused(
                _("%(name)s is there already: name another with --into.") % {"name": name}
            )
        with place.at_hand(chosen) as path:
            backup = house.verified(path, secret=settings.BACKUP_KEY)
            _whole(backup, server, name, at)
    except house.Unusable as why:
        told = sentence(Flaw(why.code, why.facts))
        raise Refused(f"{chosen} ({place.name}): {told}") from why
    except TROUBLE as error:
        raise Refused(said(error)) from error
    return name, chosen


def _of_file(file: str, place: Place) -> tuple[Place, str]:
    """As people write it at night: with its ending or without, and with its folder or without."""
    path = Path(file)
    elsewhere = Folder(path.parent.resolve()) if "/" in file else place
    return elsewhere, re.sub(r"\.(json|dump|dump\.sealed)$", "", path.name)


def standing(plan: BackupPlan, server: str, *, file: str = "", into: str = "") -> tuple[str, str]:
    """What was restored before, where it stands: its name, and the backup's. Raises Refused where another is wanted."""
    try:
        name = into or restored_name(database_of(plan))
        mark = pg_databases.marks(server, seconds=MOMENT).get(name, {})
        wanted = _of_file(file, place_of(plan))[1] if file else ""
    except TROUBLE as error:
        raise Refused(said(error)) from error
    if mark.get("bongsu") != "restored":
        return "", ""
    found = str(mark.get("backup", ""))
    if wanted and wanted != found:
        told = _(
            "%(name)s stands there from before, but is of %(found)s: name another with --into."
        )
        raise Refused(told % {"name": name, "found": found})
    return name, found


def _whole(backup: house.Backup, server: str, name: str, at: datetime) -> None:
    fresh = f"{name[:40]}_{uuid.uuid4().hex[:12]}"
    mark = {"backup": backup.path.stem, "at": at.isoformat()}
    secret = settings.BACKUP_KEY
    fill(backup, server, fresh, {"bongsu": "restoring"} | mark, seconds=LONGEST, secret=secret)
    pg_databases.rename(server, {fresh: (name, {"bongsu": "restored"} | mark)}, seconds=MOMENT)


def put_live(plan: BackupPlan, server: str, restored: str, *, at: datetime) -> str:
    """In one transaction; under which name the one before is kept. Raises Refused."""
    try:
        live = database_of(plan)
        kept = f"{live}_before_{at:%Y%m%d_%H%M%S}"
        before = {"bongsu": "before", "of": live, "at": at.isoformat()}
        now = {"bongsu": "live", "kept": kept, "at": at.isoformat()}
        there = pg_databases.marks(server, seconds=MOMENT)
        if there.get(restored, {}).get("bongsu") != "restored":
            raise Refused(_("There is no restored database %(name)s.") % {"name": restored})
        moves = {live: (kept, before)} if live in there else {}
        pg_databases.rename(server, moves | {restored: (live, now)}, seconds=MOMENT)
    except TROUBLE as error:
        raise Refused(said(error)) from error
    return kept
