"""Game days of the sandbox: asked for by the page, played one at a time, and kept as they are told.

Who plays holds a lock of its database session, which nothing outlives: a drill that is under way while nobody holds it
was cut short.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from core.nudge import nudge
from incidents.models import Incident
from incidents.services import resolve
from integrations import http
from maintenance.models import Drill, DrillState, Scenario, Way
from maintenance.services.alone import is_held
from maintenance.services.drilling import score
from runbooks import services as runbooks
from runbooks.models import Run
from teams.models import User

TICK: Final = "maintenance.play_drills"
LOCK: Final = 71_000_371
ASKING: Final = LOCK + 1  # of two who ask at once, the second sees what the first asked for
STOPPED: Final = "STOPPED"  # the last word of one that somebody ended early
CUT: Final = "CUT SHORT"  # and of one whose player was killed
LONGEST: Final = 20_000  # characters that are kept of what was told


def possible() -> bool:
    """Where the sandbox stands for the outside, and nothing real can be hit."""
    return not settings.PRODUCTION and settings.TRON_NODE_URL.startswith(settings.SANDBOX)


def only_the_sandbox() -> None:
    """Raises Refused."""
    if not possible():
        raise Refused(_("This is played in the sandbox only."))


@contextmanager
def alone() -> Iterator[None]:
    """Raises Refused while another one is played."""
    if not _said("SELECT pg_try_advisory_lock(%s)"):
        raise Refused(_("Another game day is being played. They go one at a time: wait until it is over."))  # fmt: skip
    try:
        yield
    finally:
        _said("SELECT pg_advisory_unlock(%s)")


def is_being_played() -> bool:
    return is_held(0, LOCK)


def work_left() -> bool:
    """Somebody asked for one, or one was cut short."""
    return not is_being_played() and (
        Drill.objects.asked().exists() or Drill.objects.playing().exists()
    )


def ask(drill: Drill, *, by: User, at: datetime) -> None:
    """A worker plays it now. Raises Refused."""
    only_the_sandbox()
    _must_answer()
    with transaction.atomic():
        _asked(drill, by, at)


def ask_for(scenario: str, *, by: User, at: datetime) -> Drill:
    """Raises Refused."""
    if scenario not in Scenario:
        raise Refused(_("There is no such scenario."))
    only_the_sandbox()
    _must_answer()
    with transaction.atomic():
        drill = due(scenario, at=at)
        _asked(drill, by, at)
    return drill


def stop(drill: Drill, *, at: datetime) -> None:
    """Between two looks; what it had broken is put back. Raises Refused."""
    waits = Drill.objects.asked().filter(pk=drill.pk)
    if waits.update(asked_at=None):
        return
    if not Drill.objects.playing().filter(pk=drill.pk).update(stop_at=at):
        raise Refused(_("It is over already."))


def is_to_stop(drill: Drill) -> bool:
    return Drill.objects.filter(pk=drill.pk, stop_at__isnull=False).exists()


def due(scenario: str, *, at: datetime) -> Drill:
    """The one that is planned, or one that nobody planned."""
    return Drill.objects.due(scenario) or Drill.objects.create(
        scenario=scenario, way=Way.SANDBOX, planned_at=at
    )


def begun(drill: Drill, *, at: datetime) -> Drill:
    drill.state, drill.began_at, drill.asked_at = DrillState.RUNNING, at, None
    drill.save(update_fields=["state", "began_at", "asked_at"])
    return drill


def told(drill: Drill, lines: list[str]) -> None:
    """As it happens, so that whoever waits for it can follow."""
    drill.told = "\n".join(lines)[-LONGEST:]
    drill.incident = drill.incident or _incident_of(drill)
    drill.save(update_fields=["told", "incident"])


def finished(drill: Drill, lines: list[str], state: DrillState, *, at: datetime) -> None:
    told(drill, lines)
    drill.state, drill.ended_at = state, at
    if drill.incident:
        drill.incident.refresh_from_db()  # it was found while it was open
        drill.severity = drill.incident.severity
    drill.save(update_fields=["state", "ended_at", "severity"])
    if state != DrillState.OFF:
        score(drill)


def cut_short(drill: Drill, *, at: datetime) -> None:
    """Whoever played it is gone: its incidents and runs are closed, and it says what became of it."""
    if by := User.objects.filter(is_active=True, role="commander").order_by("pk").first():
        _close(drill, by, at)
    lines = [drill.told, CUT] if drill.told else [CUT]
    finished(drill, lines, DrillState.FAILED, at=at)


def _close(drill: Drill, by: User, at: datetime) -> None:
    """Not those of a tabletop that goes on meanwhile."""
    others = Drill.objects.exclude(pk=drill.pk).exclude(incident=None).values("incident")
    mine = Incident.objects.filter(drill=True, detected_at__gte=drill.began_at).open()
    for incident in mine.exclude(pk__in=others):
        for run in Run.objects.filter(incident=incident).open():
            runbooks.abort(run, by=by, at=at, reason=str(_("The drill is over.")))
        resolve(incident, by=by, at=at)


def _asked(drill: Drill, by: User, at: datetime) -> None:
    """In one transaction with what the caller does. Raises Refused."""
    _said("SELECT pg_advisory_xact_lock(%s)", ASKING)
    _none_else(drill)
    rows = Drill.objects.filter(pk=drill.pk, way=Way.SANDBOX, state=DrillState.PLANNED)
    if not rows.update(asked_at=at, lead=drill.lead or by):
        raise Refused(_("It is not as you saw it: look again."))
    nudge(TICK)


def _none_else(drill: Drill) -> None:
    """Raises Refused."""
    others = Drill.objects.exclude(pk=drill.pk)
    if others.playing().exists() or others.asked().exists():
        raise Refused(_("Another game day is being played. They go one at a time: wait until it is over."))  # fmt: skip


def _must_answer() -> None:
    """Raises Refused."""
    try:
        http.call("GET", f"{settings.SANDBOX}/healthz", seconds=3.0, trusted=True)
    except http.Unreachable as error:
        raise Refused(_("The sandbox does not answer. Start it, or talk the scenario through.")) from error  # fmt: skip


def _incident_of(drill: Drill) -> Incident | None:
    rows = Incident.objects.filter(drill=True, detected_at__gte=drill.began_at)
    taken = Drill.objects.exclude(incident=None).values("incident")
    return rows.exclude(pk__in=taken).order_by("pk").first()


def _said(question: str, lock: int = LOCK) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question, [lock])
        return bool(cursor.fetchone()[0])
