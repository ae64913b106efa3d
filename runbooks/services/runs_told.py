"""Runs on the timeline of their incident. Callers hold the incident's row, and then the run's."""

from datetime import datetime
from typing import Any

from incidents.models import Incident
from incidents.services import timeline
from incidents.services.timeline import Entry
from runbooks.models import Run, RunStep
from teams.models import User


def held(run: int) -> tuple[Incident | None, Run]:
    """The incident's row before the run's: whoever needs both takes them in this order."""
    number = Run.objects.values_list("incident_id", flat=True).get(pk=run)
    incident = Incident.objects.select_for_update().get(pk=number) if number else None
    return incident, Run.objects.select_for_update().get(pk=run)


def write(
    incident: Incident | None,
    word: str,
    run: Run,
    *,
    at: datetime,
    by: User | None = None,
    step: RunStep | None = None,
    **more: Any,
) -> None:
    """`word` is what happened: begun, step, waits, steered or over."""
    if incident is None:
        return
    version = run.version
    data = {"run": run.pk, "title": {"ko": version.title_ko, "en": version.title_en}} | more
    if step is not None:
        data["step"] = {"ko": _named(step, step.title_ko), "en": _named(step, step.title_en)}
        data["path"] = step.path
    timeline.append(incident, Entry(f"run_{word}", at, by=by, data=data))


def _named(step: RunStep, title: str) -> str:
    """With the items that it is done for."""
    lanes = [lane for lane in step.path.split("/")[1::2] if lane != "-"]
    return f"{title} ({', '.join(lanes)})" if lanes else title
