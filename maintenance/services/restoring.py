"""Restore tests: the newest backup becomes a database again, is looked at, and goes. Each failure has its name."""

import logging
import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Final

from django.conf import settings
from django.utils.module_loading import import_string

from core import clock
from integrations import backups as house
from integrations import pg_contents, pg_databases
from integrations.postgresql import Fault, Session, plain_session, session
from integrations.restores import MOMENT, fill
from maintenance.domain import flaws
from maintenance.domain.flaws import Flaw
from maintenance.models import Backup, BackupPlan, RestoreTest, RestoreTestState
from maintenance.places import place_of
from maintenance.services.alone import TESTING, among_others
from maintenance.services.asking_restored import checked
from maintenance.services.backup_plans import TROUBLE, in_words
from maintenance.services.looking_at_backups import newest_of, of_itself, opened
from runbooks.domain.recovery import least_rows, room_for, size

log = logging.getLogger(__name__)

LONGEST: Final = 6 * 3600.0  # seconds
MARK: Final = "restore test"
DUMPED: Final = re.compile(r"^;\s+Dumped from database version: (\S+)", re.MULTILINE)
# What any server can make, where the backup's own locale is not known to this one.
PLAIN: Final[dict[str, Any]] = {
    "provider": "c", "collate": "C", "ctype": "C", "locale": None, "limit": -1, "settings": [], "rights": None
}  # fmt: skip


class Stopped(Exception):
    """Beyond this nothing can be looked at."""

    def __init__(self, *found: Flaw) -> None:
        super().__init__()
        self.flaws = list(found)


class Stages:
    """How long each took, in seconds."""

    def __init__(self) -> None:
        self.took: dict[str, float] = {}

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        began = monotonic()
        try:
            yield
        finally:
            self.took[name] = round(monotonic() - began, 3)


def test_restore(plan: BackupPlan, *, at: datetime) -> RestoreTest:
    """It never raises for what is wrong with a backup: that is what the row tells."""
    with among_others(plan, TESTING):
        return _judged(plan, at)


def _judged(plan: BackupPlan, at: datetime) -> RestoreTest:
    row = RestoreTest.objects.create(
        plan=plan, begun_at=at, rpo_seconds=plan.rpo.total_seconds(), rto_seconds=plan.rto.total_seconds()
    )  # fmt: skip
    stages, began = Stages(), monotonic()
    try:
        found = _tested(plan, row, stages, at)
    except Stopped as stop:
        found = stop.flaws
    except house.Unusable as why:
        found = [Flaw(why.code, why.facts)]
    except TROUBLE as error:
        log.warning("Restore test of %s: %s", plan, error)
        found = [Flaw("out_of_reach", {"said": in_words(error)})]
    except Exception as error:
        log.exception("Restore test of %s", plan)  # and the next plan has its turn
        found = [Flaw("out_of_reach", {"said": f"{type(error).__name__}: {error}"[:500]})]
    except BaseException:  # whoever waits for it wants it to end
        _ended(row, stages, [Flaw("stopped")], began)
        raise
    took = timedelta(seconds=monotonic() - began)
    return _ended(row, stages, found + flaws.of_time(took, plan.rto), began)


def _ended(row: RestoreTest, stages: Stages, found: list[Flaw], began: float) -> RestoreTest:
    row.stages, row.took_seconds = stages.took, round(monotonic() - began, 3)
    row.flaws, row.ended_at = [one.kept() for one in found], clock.database_now()
    row.state = RestoreTestState.FAILED if found else RestoreTestState.PASSED
    row.save()
    return row


def _tested(plan: BackupPlan, row: RestoreTest, stages: Stages, at: datetime) -> list[Flaw]:
    place = place_of(plan)
    stem, ahead = newest_of(plan, place, at)
    if not stem:
        raise Stopped(*ahead, Flaw("none"))
    row.stem, row.backup = stem, Backup.objects.filter(plan=plan, stem=stem).first()
    with ExitStack() as stack:
        with stages.of("fetch"):
            path = stack.enter_context(place.at_hand(stem))
        with stages.of("verify"):
            backup = opened(plan, path)
        age = at - backup.manifest.made_at
        row.age_seconds = age.total_seconds()
        if other := of_itself(plan, backup):
            raise Stopped(*ahead, *other)
        return ahead + flaws.of_age(age, plan.rpo) + _restored(plan, row, backup, stages)


def _restored(
    plan: BackupPlan, row: RestoreTest, backup: house.Backup, stages: Stages
) -> list[Flaw]:
    with ExitStack() as stack:
        with stages.of("server"):
            server = stack.enter_context(_server())
        _may_go_in(backup, server)
        with stages.of("restore"):
            where = stack.enter_context(_database(backup, server))
        with stages.of("compare"):
            found = _compared(plan, row, backup, where)
        if found:
            return found
        with stages.of("check"):
            return checked(plan, where)


def _server() -> AbstractContextManager[str]:
    if settings.RESTORE_SERVER:
        return nullcontext(settings.RESTORE_SERVER)
    made: AbstractContextManager[str] = import_string(settings.THROWAWAY_SERVER)()
    return made


def _may_go_in(backup: house.Backup, server: str) -> None:
    """Before hours are spent on it."""
    listed = DUMPED.search(house.listing(backup, secret=settings.BACKUP_KEY))
    with session(server, seconds=MOMENT) as asked:
        newer = flaws.of_version(listed[1] if listed else backup.manifest.server, asked.version)
    if newer:
        raise Stopped(*newer)
    needed = room_for(backup.manifest.bytes, 0, backup.manifest.size)
    free = shutil.disk_usage(settings.BONGSU_HOME).free
    if not settings.RESTORE_SERVER and free < needed:
        raise Stopped(Flaw("no_room", {"free": size(free), "needed": size(needed)}))


@contextmanager
def _database(backup: house.Backup, server: str) -> Iterator[str]:
    """The backup as a database of this test, known by its mark and by a lock that goes with us."""
    name = f"restore_test_{uuid.uuid4().hex[:12]}"
    with plain_session(server, seconds=LONGEST) as held:
        _clear_dead(server, held)
        held.execute("SELECT pg_advisory_lock(hashtext(%s))", name)
        try:
            _filled(backup, server, name, held)
            yield pg_databases.within(server, name)
        finally:
            with suppress(Fault, TimeoutError):
                pg_databases.drop(server, name, seconds=MOMENT)


def _filled(backup: house.Backup, server: str, name: str, held: Session) -> None:
    owner = held.row("SELECT current_user")[0]
    ours = PLAIN | {"owner": owner, "encoding": backup.manifest.options["encoding"]}
    mark = {"bongsu": MARK, "backup": backup.path.stem}
    secret = settings.BACKUP_KEY
    try:
        fill(backup, server, name, mark, seconds=LONGEST, secret=secret, options=ours)
    except Fault as fault:
        code = house.archive_fault(fault, "not_restored")
        raise Stopped(Flaw(code, {"said": str(fault)[:500]})) from fault


def _clear_dead(server: str, held: Session) -> None:
    """What tests left that were killed: nobody holds their lock."""
    for name, mark in pg_databases.marks(server, seconds=MOMENT).items():
        if mark.get("bongsu") != MARK:
            continue
        if held.row("SELECT pg_try_advisory_lock(hashtext(%s))", name)[0]:
            pg_databases.drop(server, name, seconds=MOMENT)
            with suppress(Fault):  # the reader of its check, who bears its name
                held.execute(f"DROP ROLE IF EXISTS {pg_databases.named(name)}")
            held.execute("SELECT pg_advisory_unlock(hashtext(%s))", name)


def _compared(plan: BackupPlan, row: RestoreTest, backup: house.Backup, where: str) -> list[Flaw]:
    manifest = backup.manifest
    least = least_rows(plan.least or "none")
    with session(where, seconds=LONGEST) as asked:
        there = {f"{schema}.{table}" for schema, table in asked.rows(pg_contents.TABLES)}
        found = (
            pg_contents.rows_of(asked, sorted(there & {*manifest.tables, *least})) if there else {}
        )
        schema = pg_contents.schema_of(asked)
    row.tables, row.rows = len(found), sum(found.values())
    wrong = flaws.of_contents(manifest.tables, found, least)
    return wrong or flaws.of_schema(manifest.schema, schema)
