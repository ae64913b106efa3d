"""A backup restored beside what is live, and put in its place when somebody says so."""

import uuid
from datetime import datetime
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import Refused
from integrations import backups as house
from integrations import pg_databases
from integrations.restores import MOMENT, fill
from maintenance.domain.flaws import Flaw
from maintenance.models import BackupPlan
from maintenance.places import place_of
from maintenance.services.backup_plans import TROUBLE, database_of, said
from maintenance.services.looking_at_backups import newest_of
from maintenance.words.backups import sentence
from runbooks.recovering import restored_name

LONGEST: Final = 6 * 3600.0  # seconds


def restore_beside(
    plan: BackupPlan, server: str, *, stem: str = "", into: str = "", at: datetime
) -> tuple[str, str]:
    """The newest backup, or this one, as a database beside the live one: its name, and the backup's.

    It gets its name when it is whole. Raises Refused, and what is wrong as its text.
    """
    try:
        place, database = place_of(plan), database_of(plan)
        name, chosen = into or restored_name(database), stem or newest_of(plan, place, at)[0]
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
        raise Refused(sentence(Flaw(why.code, why.facts))) from why
    except TROUBLE as error:
        raise Refused(said(error)) from error
    return name, chosen


def standing(plan: BackupPlan, server: str, into: str = "") -> str:
    """The name of what was restored before, where it stands. Raises Refused."""
    try:
        name = into or restored_name(database_of(plan))
        mark = pg_databases.marks(server, seconds=MOMENT).get(name, {})
    except TROUBLE as error:
        raise Refused(said(error)) from error
    return name if mark.get("bongsu") == "restored" else ""


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
