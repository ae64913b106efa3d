import os
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from psycopg2.extensions import make_dsn

from config.cluster import SUPERUSER, Cluster
from config.postgres import connection
from core import clock
from core.ending import in_order
from core.errors import Refused
from integrations.pg_databases import within
from maintenance.management.commands.backup import planned
from maintenance.models import PORTAL, BackupPlan
from maintenance.services.backup_plans import address_of, database_of
from maintenance.services.restoring_beside import put_live, restore_beside, standing


class Command(BaseCommand):
    help = (
        "Restore a backup beside the live database, into NAME_restored, of which the live one notices nothing."
        " With --replace the restored one takes its place; the one before is kept under another name."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", default=PORTAL, help="of the backup plan")
        parser.add_argument(
            "--backup",
            default="",
            metavar="FILE",
            help="its file, also one of another folder; else the newest",
        )
        parser.add_argument("--into", default="", help="the database to make; else NAME_restored")
        parser.add_argument(
            "--server", default="", metavar="DSN",
            help="or env:NAME: the connection by which databases are made, to another one than those; else the plan's own to postgres",
        )  # fmt: skip
        parser.add_argument(
            "--replace", default="", metavar="DATABASE",
            help="the name of the live database, which ends its sessions and puts the restored one in its place",
        )  # fmt: skip

    def handle(
        self,
        *args: Any,
        name: str,
        backup: str,
        into: str,
        server: str,
        replace: str,
        **options: Any,
    ) -> None:
        plan, at = planned(name), clock.now()
        live = database_of(plan)
        if replace and replace != live:
            raise CommandError(
                f"Nothing was done: the live database is called {live}, not {replace}."
            )
        if into == live:
            raise CommandError(
                f"Nothing was done: {live} is live. Restore beside it, then --replace {live}."
            )
        way = server_of(plan, server)
        try:
            made, stem = standing(plan, way, file=backup, into=into) if replace else ("", "")
            if made:
                self.stdout.write(f"{made} stands there already, of {stem}.")
            else:
                made = self.restored(plan, way, backup, into, at)
            if not replace:
                self.stdout.write(
                    f"{live} is as it was. To put {made} in its place: --replace {live}"
                )
                return
            kept = put_live(plan, way, made, at=at)
        except Refused as why:
            raise CommandError(str(why)) from why
        self.stdout.write(f"{made} is {live} now; the one before is {kept}.")
        if plan.is_ours:
            self.stdout.write(
                "Start Bongsu again: its processes hold what they read before, and migrations may be due."
            )

    def restored(self, plan: BackupPlan, way: str, backup: str, into: str, at: datetime) -> str:
        with in_order():
            made, stem = restore_beside(plan, way, file=backup, into=into, at=at)
        self.stdout.write(f"{stem} is restored into {made}.")
        return made


def server_of(plan: BackupPlan, given: str) -> str:
    """Of the embedded PostgreSQL its superuser's, as extensions are made by nobody else."""
    if given:
        return os.environ.get(given[4:], "") if given.startswith("env:") else given
    address = within(address_of(plan), "postgres")
    found = connection(settings.BONGSU_HOME)
    secret = Cluster(settings.BONGSU_HOME).secret("superuser")
    embedded = settings.DATABASES["default"]["HOST"] == found.host
    if plan.is_ours and embedded and secret:
        return str(make_dsn(address, user=SUPERUSER, password=secret))
    return address
