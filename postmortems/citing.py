"""What an answer may rest on: events, metrics, changes and runbook steps of the incident's record."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from core.bilingual import in_language
from incidents.models import Event, Incident
from incidents.narration import narrate
from incidents.screens.room.alerts import linked
from monitoring.models import Change, Metric
from monitoring.queries import changes_between
from monitoring.screens.pictures import concerned
from postmortems.models import Evidence
from runbooks.models import RunStep

BEFORE: Final = timedelta(hours=24)
SHOWN: Final = 200  # events that are offered
LETTERS: Final = 300


@dataclass(frozen=True)
class Source:
    kind: str
    ref: int
    said_ko: str
    said_en: str
    url: str

    @property
    def said(self) -> str:
        return in_language(self.said_ko, self.said_en)


def found(incident: Incident, kind: str, ref: int) -> Source | None:
    """The source itself, if it belongs to this incident."""
    look = LOOKS.get(kind)
    return look(incident, ref) if look else None


def offered(incident: Incident) -> list[Source]:
    """All that can be cited, for whoever chooses."""
    events = [_event(incident, one) for one in incident.timeline.order_by("seq")[:SHOWN]]
    metrics = [_metric(one) for one in _metrics(incident)]
    changes = [_change(incident, one) for one in changes_before(incident)]
    steps = [_step(one) for one in _steps(incident)]
    return [*metrics, *changes, *steps, *events]


def changes_before(incident: Incident, most: int = 10) -> list[Change]:
    """Of the day before it began and while it lasted, on its services or on none in particular."""
    began = incident.started_at or incident.detected_at
    end = incident.resolved_at or incident.detected_at
    return list(changes_between(began - BEFORE, end, list(incident.services.all()))[:most])


def _metrics(incident: Incident) -> list[Metric]:
    return concerned([link.alert for link in linked(incident)], most=5)


def _steps(incident: Incident) -> list[RunStep]:
    steps = RunStep.objects.filter(run__incident=incident).exclude(output="")
    return list(steps.select_related("run__version").order_by("pk")[:SHOWN])


def _event(incident: Incident, event: Event) -> Source:
    url = f"{incident.get_absolute_url()}#event-{event.seq}"
    return _source(Evidence.Kind.EVENT, event.seq, url, lambda: narrate(event))


def _metric(metric: Metric) -> Source:
    return _source(Evidence.Kind.METRIC, metric.pk, reverse("monitoring:metric", args=[metric.pk]),
                   lambda: metric.name)  # fmt: skip


def _change(incident: Incident, change: Change) -> Source:
    return _source(
        Evidence.Kind.CHANGE, change.pk, incident.get_absolute_url(), lambda: change.summary
    )


def _step(step: RunStep) -> Source:
    url = f"{step.run.get_absolute_url()}steps/{step.pk}/output/"
    return _source(Evidence.Kind.STEP, step.pk, url, lambda: _of_step(step))


def _of_step(step: RunStep) -> str:
    return f"{step.run.version.title}: {in_language(step.title_ko, step.title_en) or step.name}"


def _source(kind: str, ref: int, url: str, say: Callable[[], str]) -> Source:
    words = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            words[language] = say()[:LETTERS]
    return Source(kind, ref, words["ko"], words["en"], url)


def _an_event(incident: Incident, ref: int) -> Source | None:
    event = incident.timeline.filter(seq=ref).first()
    return _event(incident, event) if event else None


def _a_metric(incident: Incident, ref: int) -> Source | None:
    return next((_metric(one) for one in _metrics(incident) if one.pk == ref), None)


def _a_change(incident: Incident, ref: int) -> Source | None:
    known = changes_before(incident, most=SHOWN)
    return next((_change(incident, one) for one in known if one.pk == ref), None)


def _a_step(incident: Incident, ref: int) -> Source | None:
    return next((_step(one) for one in _steps(incident) if one.pk == ref), None)


LOOKS: Final[dict[str, Callable[[Incident, int], Source | None]]] = {
    Evidence.Kind.EVENT: _an_event,
    Evidence.Kind.METRIC: _a_metric,
    Evidence.Kind.CHANGE: _a_change,
    Evidence.Kind.STEP: _a_step,
}
