"""What a run found, as people read it: each in their own language."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from maintenance.job import Job, Level
from maintenance.models import RoutineRun, Why
from maintenance.registry import jobs
from teams.domain.roles import Action
from teams.models import User


@dataclass(frozen=True)
class Line:
    level: Level
    text: str


def is_hidden(run: RoutineRun, reader: User | None) -> bool:
    """From this reader; none: of what is made for whoever responds."""
    return reader is not None and run.routine.job.confidential and not reader.may(Action.RESPOND)


def lines(run: RoutineRun, reader: User | None = None) -> list[Line]:
    """The worst first, each kind in the order it was found."""
    if is_hidden(run, reader):
        return []
    found = [Line(Level(one["level"]), said(run.routine.job, one)) for one in run.findings]
    return sorted(found, key=lambda line: list(Level).index(line.level), reverse=True)


def said(job: Job, finding: dict[str, Any]) -> str:
    """What an older version wrote is said as it is."""
    try:
        return job.said(finding["code"], finding["facts"])
    except KeyError:
        return " ".join(map(str, [finding["code"], *finding["facts"].values()]))


def cause(run: RoutineRun) -> str:
    if run.why in {"", Why.FOUND}:
        return ""
    return "".join([run.get_why_display(), *([f": {run.error}"] if run.error else [])])


def summary(run: RoutineRun, reader: User | None = None) -> str:
    """One line: why it failed, else the worst that was found."""
    if is_hidden(run, reader):
        return _("What it found is told to those who respond.")
    found = lines(run)
    return cause(run) or (found[0].text if found else "")


def named(name: str) -> str:
    return str(jobs[name].title) if name in jobs else name
