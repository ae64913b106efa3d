"""One statement on a database: it only reads unless it says that it changes something, and ends in time.

Values are parameters, `%(name)s`; the text of the statement has no placeholders. Before a change is committed the
number of its transaction is kept: of a change whose executor died PostgreSQL itself says whether it was done.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django.utils.translation import gettext_lazy

from core.told import Told as _
from integrations.postgresql import Fault, became, session
from runbooks.domain.placeholders import names_in
from runbooks.domain.writing import Wrong, at, mapping, only, text
from runbooks.inventory import dsn
from runbooks.step import Kind, Result, Work, steps
from runbooks.trouble import of_database

MOST: Final = 1_000  # rows that are read
SHOWN: Final = 100
MOMENT: Final = timedelta(seconds=1)


@steps.register("sql")
class Sql(Kind):
    label = gettext_lazy("SQL")
    provable = True

    def check(self, settings: Mapping[str, Any]) -> None:
        only(settings, ("on", "query", "values", "changes"), "sql")
        if names_in(text(settings.get("query"), "query")):
            raise Wrong(at("query", _("values go in as %(name)s, by `values`")))
        mapping(settings.get("values", {}), "values")
        text(settings.get("on"), "on")

    def reads_only(self, settings: Mapping[str, Any]) -> bool:
        return settings.get("changes") is not True

    def foretell(self, settings: Mapping[str, Any]) -> str:
        values = "".join(
            f"\n{name} = {value}" for name, value in settings.get("values", {}).items()
        )
        return f"{settings['on']} › {settings['query'].strip()}{values}"

    def run(self, work: Work) -> Result:
        changes = not self.reads_only(work.settings)
        address = dsn(str(work.settings["on"]))
        try:
            if changes and (known := _before(work, address)):
                return known
            return _done(work, address, changes=changes)
        except (Fault, TimeoutError) as error:
            return Result.failed(of_database(error))


def _done(work: Work, address: str, *, changes: bool) -> Result:
    """A failure rolls back whole; only a lost answer to the commit leaves a doubt."""
    given = work.settings
    with session(address, seconds=work.seconds, writes=changes) as asked:
        rows = asked.table(given["query"], given.get("values", {}), most=MOST)
        if changes:
            work.remember({"transaction": asked.number()})
            try:
                asked.commit()
            except (Fault, TimeoutError) as error:
                return Result.unknown(of_database(error), rows=rows, output=drawn(rows))
    facts = {name: value for name, value in rows[0].items() if _plain(value)} if rows else {}
    return Result.done(rows=rows, output=drawn(rows), facts=facts | {"count": len(rows)})


def _before(work: Work, address: str) -> Result | None:
    """What became of the attempt whose executor died, also when it was looked at before; None where it is to be made now."""
    number = str(work.remembered.get("transaction", ""))
    if not number:
        return None
    match became(address, number, seconds=work.seconds):
        case "committed":
            return Result.done(_("It was done already, before whoever did it died."))
        case "aborted":
            return None
        case "in progress":
            return Result.again(MOMENT)
        case _:
            return Result.unknown(_("It is so long ago that the database does not know any more."))


def drawn(rows: list[dict[str, Any]]) -> str:
    """As a table, in columns."""
    if not rows:
        return ""
    cells = [[str(name) for name in rows[0]]]
    cells += [
        [" ".join(str(value).split())[:120] for value in row.values()] for row in rows[:SHOWN]
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    )


def _plain(value: Any) -> bool:
    return isinstance(value, str | int | float | bool)
