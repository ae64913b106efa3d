"""A database that a recovery left behind, dropped for good: one that was kept, or a restored one that was never used."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django.utils.translation import gettext_lazy

from core.told import Told as _
from integrations import pg_databases
from integrations.postgresql import Fault
from runbooks.domain.writing import only
from runbooks.inventory import dsn
from runbooks.recovering import texts
from runbooks.step import Kind, Result, Work, steps
from runbooks.trouble import of_database

LOOK: Final = 20.0  # seconds
LEFT: Final = frozenset({"before", "restored", "restoring"})


@steps.register("discard_database")
class DiscardDatabase(Kind):
    """Only one that bears the mark of a recovery; never the live one."""

    label = gettext_lazy("Discard a database")
    timeout = timedelta(minutes=5)
    provable = True
    dangerous = True

    def check(self, settings: Mapping[str, Any]) -> None:
        only(settings, ("on", "database"), "discard_database")
        texts(settings, "on", "database")

    def reads_only(self, settings: Mapping[str, Any]) -> bool:
        return False

    def foretell(self, settings: Mapping[str, Any]) -> str:
        return f"{settings['on']} › DROP DATABASE {settings['database']}"

    def run(self, work: Work) -> Result:
        address, name = dsn(work.settings["on"]), work.settings["database"]
        try:
            there = pg_databases.marks(address, seconds=LOOK)
            if name in there and there[name].get("bongsu") not in LEFT:
                return Result.failed(_("%(name)s was not left by a recovery.", name=name))
            if name not in there and not work.again:
                return Result.failed(_("There is no database %(name)s.", name=name))
            pg_databases.drop(address, name, seconds=work.seconds - LOOK)
        except (Fault, TimeoutError) as error:
            return Result.failed(of_database(error))
        return Result.done(_("%(name)s is gone.", name=name))
