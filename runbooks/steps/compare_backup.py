"""Whether a restored database is what the backup recorded: each table's rows, the schema, and the bounds that were set."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

from django.utils.translation import gettext_lazy

from core.told import Joined, Told
from core.told import Told as _
from integrations.backups import Manifest
from integrations.pg_contents import rows_of, schema_of
from integrations.pg_databases import within
from integrations.postgresql import Fault, session
from runbooks.domain.placeholders import names_in
from runbooks.domain.recovery import Differs, differing, least_rows
from runbooks.domain.writing import only
from runbooks.inventory import dsn
from runbooks.recovering import backup_of, texts
from runbooks.step import Kind, Result, Work, steps
from runbooks.trouble import of_database

NONE: Final = "none"


@steps.register("compare_backup")
class CompareBackup(Kind):
    """`least`: such as users=1000,wallets=10, or none."""

    label = gettext_lazy("Compare with the backup")
    timeout = timedelta(minutes=30)

    def check(self, settings: Mapping[str, Any]) -> None:
        only(settings, ("on", "database", "backup", "sha256", "least"), "compare_backup")
        texts(settings, "on", "database", "backup", "sha256")
        if not names_in(settings.get("least", NONE)):
            least_rows(settings.get("least", NONE))

    def reads_only(self, settings: Mapping[str, Any]) -> bool:
        return True

    def foretell(self, settings: Mapping[str, Any]) -> str:
        return f"{settings['on']} › {settings['database']} = {settings['backup']}, {settings.get('least', NONE)}"

    def run(self, work: Work) -> Result:
        given = work.settings
        manifest, least = backup_of(given).manifest, least_rows(given.get("least", NONE))
        address = within(dsn(given["on"]), given["database"])
        try:
            with session(address, seconds=work.seconds) as asked:
                found, schema = rows_of(asked, manifest.tables), schema_of(asked)
        except (Fault, TimeoutError) as error:
            return Result.failed(of_database(error))
        rows = [
            {"table": name, "recorded": count, "found": found[name]}
            for name, count in manifest.tables.items()
        ]
        faults = [_told(one) for one in differing(manifest.tables, found, least)]
        faults += _of_schema(manifest, schema)
        output = "\n".join(f"{row['table']}  {row['recorded']:,}  {row['found']:,}" for row in rows)
        if faults:
            return Result.failed(Joined(faults), rows=rows, output=output)
        told = {"tables": len(rows), "rows": f"{sum(found.values()):,}"}
        text = _("%(tables)s tables with %(rows)s rows are as the backup recorded them.", **told)
        return Result.done(text, rows=rows, output=output)


def _told(one: Differs) -> Told:
    told = {"table": one.table, "found": one.found, "expected": one.expected}
    if one.bound:
        return _("%(table)s has %(found)s rows, at least %(expected)s are expected.", **told)
    return _("%(table)s has %(found)s rows, %(expected)s were recorded.", **told)


def _of_schema(manifest: Manifest, found: str) -> Iterator[Told]:
    if found != manifest.schema:
        yield _("Its schema is not the recorded one.")
