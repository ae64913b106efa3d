from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError

from core import clock
from core.ending import in_order
from core.errors import Refused
from maintenance.models import PORTAL, BackupPlan, BackupState, plan_called
from maintenance.services.backups import back_up
from maintenance.words.backups import sentence


def planned(name: str) -> BackupPlan:
    """Raises CommandError, which names those that there are."""
    try:
        return plan_called(name)
    except OperationalError as error:
        said = str(error).partition("\n")[0]
        raise CommandError(
            f"Bongsu's own database does not answer ({said}). Start Bongsu, and this again beside it;"
            ' where it does not start any more, see docs/backups.md, "The whole server is lost".'
        ) from error
    except BackupPlan.DoesNotExist as error:
        names = ", ".join(BackupPlan.objects.values_list("name", flat=True)) or "–"
        raise CommandError(f"No backup plan is called {name}; there are: {names}.") from error


class Command(BaseCommand):
    help = "Make a backup of the portal's own database, or by the plan of this name, and verify it; exit 1 if it failed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", default=PORTAL, help="of the backup plan")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        plan = planned(name)
        try:
            with in_order():
                made = back_up(plan, at=clock.database_now())
        except Refused as why:
            raise CommandError(str(why)) from why
        if made.state != BackupState.MADE:
            raise CommandError("\n".join(sentence(one) for one in made.told))
        told = f"{made.size:,} bytes, {made.tables} tables, {made.rows:,} rows"
        self.stdout.write(f"{made.place}/{made.stem}: {told}{', encrypted' if made.sealed else ''}")
