"""A replica becomes the primary, by pg_promote, and the step waits until it takes writes.

Never while the old one takes writes; and of an old one that answers and was told to stop, it first fetches all that
it has: nothing is lost then.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django.utils.translation import gettext_lazy

from core import clock
from core.told import Told as _
from integrations import pg_replicas
from integrations.pg_replicas import Look, Part, place_of
from integrations.postgresql import Fault
from runbooks.domain.writing import only
from runbooks.inventory import dsn
from runbooks.recovering import texts
from runbooks.step import Kind, Result, Work, steps
from runbooks.trouble import of_database

LOOK: Final = 5.0  # seconds
AGAIN: Final = timedelta(seconds=1)


@steps.register("promote_database")
class PromoteDatabase(Kind):
    """`on`: the replica; `instead_of`: the old primary. Facts: `at`, when it took a write; `last`, the last commit it has;
    `place`, up to where it had the old one's log."""

    label = gettext_lazy("Promote replica")
    timeout = timedelta(minutes=2)
    provable = True  # a primary is not promoted again

    def check(self, settings: Mapping[str, Any]) -> None:
        only(settings, ("on", "instead_of"), "promote_database")
        texts(settings, "on", "instead_of")

    def reads_only(self, settings: Mapping[str, Any]) -> bool:
        return False

    def foretell(self, settings: Mapping[str, Any]) -> str:
        return f"{settings['on']} › SELECT pg_promote()"

    def run(self, work: Work) -> Result:
        address = dsn(work.settings["on"])
        try:
            here = pg_replicas.look(address, seconds=LOOK)
            if here.part is Part.FOLLOWS:
                if why := _not_yet(_look(dsn(work.settings["instead_of"])), here, work):
                    return why
                work.remember({"place": here.lsn})  # after it, its log is its own
                if not pg_replicas.promote(address, seconds=work.seconds / 2):
                    return Result.failed(_("It did not become a primary in time."))
                return _taking_writes(address, work, here.lsn)
            return _taking_writes(address, work, str(work.remembered.get("place", "0/0")))
        except (Fault, TimeoutError) as error:
            return Result.failed(of_database(error))


def _look(address: str) -> Look | None:
    try:
        return pg_replicas.look(address, seconds=LOOK)
    except (Fault, TimeoutError):
        return None


def _not_yet(old: Look | None, here: Look, work: Work) -> Result | None:
    if old is None:
        return None
    if old.part is Part.LEADS:
        text = _("%(name)s still takes writes: stop it first.", name=work.settings["instead_of"])
        return Result.failed(text)
    if old.part is Part.FENCED and place_of(here.lsn) < place_of(old.lsn):
        text = _("It does not have all of %(name)s yet.", name=work.settings["instead_of"])
        late = work.at + AGAIN >= work.ends_at
        return Result.failed(text) if late else Result.again(AGAIN, text)
    return None


def _taking_writes(address: str, work: Work, place: str) -> Result:
    """A configuration that came with a copy of one that was told to stop is undone."""
    here = pg_replicas.look(address, seconds=LOOK)
    if here.part is Part.FENCED:
        pg_replicas.release(address, seconds=LOOK)
    pg_replicas.write(address, seconds=LOOK)
    last = here.replayed_at.isoformat() if here.replayed_at else ""
    facts = {"last": last, "place": place, "at": clock.database_now().isoformat()}
    return Result.done(_("%(name)s is the primary now.", name=work.settings["on"]), facts=facts)
