"""A backup made a database again, beside all others."""

import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from integrations import pg_databases, pg_programs
from integrations.backups import Backup, in_the_clear
from integrations.pg_databases import Mark
from integrations.postgresql import Fault

AT_ONCE: Final = min(4, os.cpu_count() or 1)
MOMENT: Final = 60.0  # seconds of what takes one
NOBODYS: Final = ("--no-owner", "--no-privileges")


def fill(
    backup: Backup,
    server: str,
    name: str,
    mark: Mark,
    *,
    seconds: float,
    secret: str = "",
    options: Mapping[str, Any] | None = None,
) -> None:
    """A fresh database of this name with all that was dumped; with other `options` than its own it is nobody's but ours.

    A failure leaves nothing behind. Raises Fault, TimeoutError, OSError or Unusable.
    """
    chosen, bare = options or backup.manifest.options, NOBODYS if options else ()
    pg_databases.make(server, name, chosen, mark, seconds=MOMENT)
    try:
        with in_the_clear(backup, secret=secret) as dump:
            pg_programs.run(
                "pg_restore", "--exit-on-error", f"--jobs={AT_ONCE}", *bare, str(dump),
                seconds=seconds, dsn=pg_databases.within(server, name),
            )  # fmt: skip
        if not options:
            pg_databases.dress(server, name, chosen, seconds=MOMENT)
    except BaseException:
        with suppress(Fault, TimeoutError):
            pg_databases.drop(server, name, seconds=MOMENT)
        raise
