import io
import json
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from maintenance.domain.flaws import Flaw


class Command(BaseCommand):
    help = (
        "Whether the database of DATABASE_URL is one that this version of the portal can go on with: its migrations"
        " are known and those that it lacks can be made, and every timeline is whole. For restored copies only: it"
        " migrates. Prints a line of JSON with what is wrong."
    )
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps([one.kept() for one in flaws_found()], ensure_ascii=False))


def flaws_found() -> list[Flaw]:
    loader = MigrationLoader(connection)
    known = {
        *loader.disk_migrations,
        *(one for two in loader.replacements.values() for one in two.replaces),
    }
    ours = {app for app, _name in known}
    if unknown := [
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in ours and (app, name) not in known
    ]:
        return [Flaw("migrations", {"names": ", ".join(sorted(unknown)[:5])})]
    if not loader.applied_migrations:
        return [Flaw("migrations", {"names": "–"})]
    call_command("migrate", verbosity=0, interactive=False)
    return _timelines()


def _timelines() -> list[Flaw]:
    told = io.StringIO()
    try:
        call_command("verify_timeline", stdout=told, stderr=told)
    except SystemExit:
        return [Flaw("timeline", {"said": told.getvalue().strip().partition("\n")[0][:500]})]
    return []
