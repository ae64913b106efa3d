"""A site is lost in the sandbox (M7.1): its primary dies under writes, its replica at the other site takes over.

What the portal says of it is held against what somebody outside saw: how long nothing was written, and which writes
that were confirmed are gone. Both have to agree.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from config.cluster import StartError
from config.gamedays.drill import Drill, Say, drill
from config.gamedays.observer import Observer, observer
from config.gamedays.pair import Server, pair
from core.errors import Refused
from integrations.pg_replicas import Part
from maintenance.domain.continuity.times import Span
from maintenance.models import DataCopy, Failover, KeptData, Site
from maintenance.services import sample_copies
from runbooks.models import Database, Run

HERE: Final = "gameday-here"
THERE: Final = "gameday-there"
DATA: Final = "gameday"
QUIET: Final = 8  # looks while all is well
BLIND: Final = 4  # looks while the line hangs: what is written then is lost
GIVE: Final = timedelta(
    seconds=1
)  # by how much the outside may differ from the range that is reported


def play(say: Say, between: Callable[[], None]) -> str:
    """Raises Refused."""
    folder = settings.BONGSU_HOME / "gameday-sites"
    with drill("Site lost", "P0", say, between) as one:
        try:
            with pair(folder) as (here, there), _recorded(here, there) as copies:
                return _played(one, here, there, copies)
        except StartError as error:
            raise Refused(str(error)) from error


def _played(one: Drill, here: Server, there: Server, copies: list[DataCopy]) -> str:
    with observer([here.dsn, there.dsn]) as seen:
        one.until(lambda: there.part is Part.FOLLOWS)
        one.tell(f"WRITES  to {here.port}, followed by {there.port}")
        _looks(one, copies, QUIET)
        here.stop_sending()
        one.tell("BREAK  the line to the other site hangs")
        _looks(one, copies, BLIND)
        here.kill()
        one.tell("BREAK  the primary is dead")
        _looks(one, copies, 1)
        run = one.run("site-failover", primary=HERE, replica=THERE)
        _looks(one, copies, 2)
    return _agreed(one, run, seen, there)


def _looks(one: Drill, copies: list[DataCopy], count: int) -> None:
    """The portal's own, and no other, only more often than its worker looks."""
    for _look in range(count):
        sample_copies(copies)
        one.between()


def _agreed(one: Drill, run: Run, seen: Observer, there: Server) -> str:
    """Raises Refused when the portal and the outside tell two stories."""
    told = Failover.objects.select_related("to").get(run=run).known
    took = timedelta(seconds=seen.silence[0])
    rows, seconds = seen.lost(there.dsn)
    lost = timedelta(seconds=seconds)
    one.tell(f"OUTSIDE  no write for {took.total_seconds():.1f} s, {rows} confirmed rows gone, of {seconds:.1f} s")  # fmt: skip
    one.tell(f"REPORT  no write for {_range(told.took)}, lost {_range(told.lost)}")
    if told.lost is None or not told.lost.holds(lost, GIVE) or not told.took.holds(took, GIVE):
        raise Refused(_("What the report says is not what was seen from outside."))
    return "recovered"


def _range(span: Span | None) -> str:
    return f"{span.least.total_seconds():.1f} – {span.most.total_seconds():.1f} s" if span else "?"


@contextmanager
def _recorded(here: Server, there: Server) -> Iterator[list[DataCopy]]:
    """The two at the first two sites, as data of the game's own. Their failover stays as evidence."""
    sites = list(Site.objects.order_by("place")[:2])
    if len(sites) < 2:
        raise Refused(_("It takes two sites: record them in the console."))
    _forgotten()
    data = KeptData.objects.create(
        slug=DATA, name_ko="훈련 데이터", name_en="Game day", exercise=True
    )
    try:
        yield [
            DataCopy.objects.create(
                data=data, site=site,
                database=Database.objects.create(name=name, address=server.dsn),
            )
            for site, name, server in zip(sites, (HERE, THERE), (here, there), strict=True)
        ]  # fmt: skip
    finally:
        _forgotten()


def put_back() -> None:
    """Its servers end with who played it."""
    _forgotten()
    shutil.rmtree(settings.BONGSU_HOME / "gameday-sites", ignore_errors=True)


def _forgotten() -> None:
    KeptData.objects.filter(slug=DATA).delete()
    Database.objects.filter(name__in=(HERE, THERE)).delete()
