from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock
from core.ending import in_order
from maintenance.management.commands.backup import planned
from maintenance.models import PORTAL, RestoreTestState
from maintenance.services.restoring import test_restore
from maintenance.words.backups import sentence


class Command(BaseCommand):
    help = (
        "Restore the newest backup into a PostgreSQL that is thrown away, compare it with its manifest, run the"
        " application's check; exit 1 and name what is wrong."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", default=PORTAL, help="of the backup plan")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        plan = planned(name)
        with in_order():
            done = test_restore(plan, at=clock.database_now())
        for stage, seconds in done.stages.items():
            self.stdout.write(f"{stage:<10} {seconds:8.2f} s")
        if done.state != RestoreTestState.PASSED:
            raise CommandError("\n".join(sentence(one) for one in done.told))
        age = f", {done.age.total_seconds() / 60:,.0f} min old" if done.age else ""
        self.stdout.write(f"{done.stem}{age}: {done.tables} tables, {done.rows:,} rows as recorded")
