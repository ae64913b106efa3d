"""A primary is told to take no more writes, so that it and the replica that takes over never both do.

One that does not answer cannot be told: then the step says so and goes on, and whoever approves the promotion answers
for its being off. Taken back it takes writes again, unless the other one does by now.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy

from core.told import Told as _
from integrations import pg_replicas
from integrations.pg_replicas import Part
from integrations.postgresql import Fault
from runbooks.domain.writing import Wrong, at, only
from runbooks.inventory import dsn
from runbooks.recovering import texts
from runbooks.step import Kind, Result, Work, steps
from runbooks.trouble import of_database

LOOK: Final = 5.0  # seconds


@steps.register("fence_database")
class FenceDatabase(Kind):
    """`on`: the primary; `for`: the replica that takes over. One row: reachable, and why not."""

    label = gettext_lazy("Stop writes")
    provable = True  # done twice is done once

    def check(self, settings: Mapping[str, Any]) -> None:
        only(settings, ("on", "for", "release"), "fence_database")
        texts(settings, "on", "for")
        if settings.get("release", False) not in (True, False):
            raise Wrong(at("release", _("true or false")))

    def reads_only(self, settings: Mapping[str, Any]) -> bool:
        return False

    def foretell(self, settings: Mapping[str, Any]) -> str:
        how = "RESET" if settings.get("release") else "SET"
        return f"{settings['on']} › ALTER SYSTEM {how} default_transaction_read_only"

    def takes_back(self, name: str, settings: Mapping[str, Any]) -> Mapping[str, Any] | None:
        return {"fence_database": {**settings, "release": True}}

    def run(self, work: Work) -> Result:
        address, other = dsn(work.settings["on"]), dsn(work.settings["for"])
        if work.settings.get("release"):
            return _released(address, other, work)
        try:
            pg_replicas.look(address, seconds=LOOK)
        except (Fault, TimeoutError) as error:
            return _out_of_reach(work, of_database(error))
        try:
            pg_replicas.fence(address, seconds=work.seconds)
        except (Fault, TimeoutError) as error:
            return Result.failed(of_database(error))
        return _done(work, _("%(name)s takes no more writes.", name=work.settings["on"]), True)


def _released(address: str, other: str, work: Work) -> Result:
    try:
        if pg_replicas.look(other, seconds=LOOK).part is not Part.FOLLOWS:
            text = _(
                "%(name)s takes writes by now: two would drift apart.", name=work.settings["for"]
            )
            return Result.failed(text)
        pg_replicas.release(address, seconds=work.seconds)
    except (Fault, TimeoutError) as error:
        return Result.failed(of_database(error))
    return Result.done(_("%(name)s takes writes again.", name=work.settings["on"]))


def _out_of_reach(work: Work, why: Any) -> Result:
    text = _("%(name)s does not answer, so nothing could tell it to stop: %(why)s", name=work.settings["on"], why=why)  # fmt: skip
    return _done(work, text, False)


def _done(work: Work, text: Any, reachable: bool) -> Result:
    row = {"name": work.settings["on"], "reachable": reachable}
    return Result.done(text, rows=[row], facts=row | {"at": work.at.isoformat()})
