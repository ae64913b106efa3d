"""A restored database takes the live one's name, in one transaction with the live one's taking another.

Sessions on both are ended. The mark in the comment is of the same transaction: it alone says whether it was done.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django.utils.translation import gettext_lazy

from core.told import Told as _
from integrations import pg_databases
from integrations.postgresql import Fault
from runbooks.domain.writing import only
from runbooks.inventory import dsn
from runbooks.recovering import is_ours, mark, restored_name, texts
from runbooks.step import Kind, Result, Work, steps
from runbooks.trouble import of_database

LOOK: Final = 20.0  # seconds
OURS: Final = frozenset({"restored", "before"})


@steps.register("swap_database")
class SwapDatabase(Kind):
    """`comes`: NAME_restored, or to go back the one that was kept; the live one is kept as NAME_before_TIME."""

    label = gettext_lazy("Swap databases")
    timeout = timedelta(minutes=2)
    provable = True

    def check(self, settings: Mapping[str, Any]) -> None:
        only(settings, ("on", "database", "comes"), "swap_database")
        texts(settings, "on", "database", "comes")

    def reads_only(self, settings: Mapping[str, Any]) -> bool:
        return False

    def foretell(self, settings: Mapping[str, Any]) -> str:
        name = settings["database"]
        return f"{settings['on']} › {name} → {name}_before_…\n{settings['on']} › {settings['comes']} → {name}"

    def takes_back(self, name: str, settings: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The one that was kept comes again; this one is kept in its turn."""
        back = {one: settings[one] for one in ("on", "database")}
        return {"swap_database": back | {"comes": f"{{{name}.kept}}"}}

    def run(self, work: Work) -> Result:
        address, name, comes = (
            dsn(work.settings["on"]),
            work.settings["database"],
            work.settings["comes"],
        )
        restored_name(name)
        try:
            there = pg_databases.marks(address, seconds=LOOK)
            if is_ours(there.get(name, {}), work, "live"):
                return _done(name, there[name])
            if there.get(comes, {}).get("bongsu") not in OURS:
                return Result.failed(_("There is no restored database %(name)s.", name=comes))
        except (Fault, TimeoutError) as error:
            return Result.failed(of_database(error))
        return _swapped(address, _moves(work, there), work)


def _moves(work: Work, there: Mapping[str, Any]) -> dict[str, tuple[str, pg_databases.Mark]]:
    """A live one that was lost is kept under no name."""
    name, comes = work.settings["database"], work.settings["comes"]
    kept = f"{name}_before_{work.at:%Y%m%d_%H%M%S}" if name in there else ""
    goes = {name: (kept, mark(work, "before", of=name))} if kept else {}
    more = {"kept": kept, "backup": there[comes].get("backup", "")}
    return goes | {comes: (name, mark(work, "live", **more))}


def _swapped(address: str, moves: dict[str, tuple[str, pg_databases.Mark]], work: Work) -> Result:
    """After a fault the mark says what became of it."""
    name = work.settings["database"]
    try:
        pg_databases.rename(address, moves, seconds=work.seconds - 2 * LOOK)
    except (Fault, TimeoutError) as error:
        try:
            there = pg_databases.marks(address, seconds=LOOK)
        except (Fault, TimeoutError):
            return Result.unknown(of_database(error))
        if not is_ours(there.get(name, {}), work, "live"):
            return Result.failed(of_database(error))
    return _done(name, moves[work.settings["comes"]][1])


def _done(name: str, found: Mapping[str, Any]) -> Result:
    kept = found.get("kept", "")
    text = _(
        "%(name)s is the restored one now; the one before is %(kept)s.", name=name, kept=kept or "–"
    )
    return Result.done(text, facts={"kept": kept})
