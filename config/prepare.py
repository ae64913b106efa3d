"""The Django work of a start: migrations, seeds and static files, in one short-lived process.

Apart from the supervisor, which stays small. Lines for the terminal go to standard output; those
of the seeds, which may hold a password, are told apart so that they are shown and never logged.
"""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path
from typing import Final

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from whitenoise.compress import Compressor

from config.telling import SEEDED
from integrations import ssh_keys

OURS: Final = ("css", "js", "django_htmx")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    migrate()
    if not settings.PRODUCTION:
        ssh_keys.make(settings.BONGSU_HOME)
    seed()
    collect_static(settings.BONGSU_HOME / "run" / "static.fingerprint")
    publish()


def migrate() -> None:
    """Ask the tables, not a note of ours: a restored or emptied database must be noticed."""
    executor = MigrationExecutor(connection)
    executor.check_replacements()  # who came by the single migrations has the squashed one
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        tell(f"preparing the database: {len(missing)} migrations")
        call_command("migrate", verbosity=0, interactive=False)


def seed() -> None:
    said = io.StringIO()
    call_command("seed", stdout=said)
    for line in said.getvalue().splitlines():
        tell(SEEDED + line)


def publish() -> None:
    """So that nobody who asks in the first seconds is told that there is no status page."""
    from core import clock  # noqa: PLC0415 - Django is set up by now
    from statuspage.services.publishing import publish_due  # noqa: PLC0415
    from statuspage.tree import Tree  # noqa: PLC0415

    tree = Tree()
    if not tree.current.exists():
        publish_due(at=clock.database_now(), tree=tree)


def collect_static(kept: Path) -> None:
    now = fingerprint()
    if kept.exists() and kept.read_text() == now and Path(settings.STATIC_ROOT).exists():
        return
    tell("collecting static files")
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    compress(Path(settings.STATIC_ROOT))
    kept.write_text(now)


def compress(static: Path) -> None:
    """What our pages load, so that a page opens on a train: WhiteNoise sends what lies beside as .gz.

    All of the libraries' files, and Brotli, would take three minutes of a start.
    """
    compressor = Compressor(use_brotli=False, quiet=True)
    for folder in OURS:
        for file in (*(static / folder).glob("*.css"), *(static / folder).glob("*.js")):
            compressor.compress(str(file))


def fingerprint() -> str:
    """Changes whenever a static file of ours or of a library does."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list(None):
            found = os.stat(storage.path(path))
            digest.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def tell(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - the supervisor reads and shows it


if __name__ == "__main__":
    main()
