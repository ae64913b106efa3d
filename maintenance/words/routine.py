"""What a run found, as people read it: each in their own language."""

from dataclasses import dataclass
from typing import Any

from maintenance.job import Job, Level
from maintenance.models import RoutineRun, Why
from maintenance.registry import jobs


@dataclass(frozen=True)
class Line:
    level: Level
    text: str


def lines(run: RoutineRun) -> list[Line]:
    """The worst first, each kind in the order it was found."""
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


def summary(run: RoutineRun) -> str:
    """One line: why it failed, else the worst that was found."""
    found = lines(run)
    return cause(run) or (found[0].text if found else "")


def named(name: str) -> str:
    return str(jobs[name].title) if name in jobs else name
