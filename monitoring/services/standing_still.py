"""Our own ticks that have stopped or cannot keep up: nothing else would tell that nobody judges."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.models import Heartbeat
from monitoring.domain.alerts import Signal
from monitoring.models import Alert
from monitoring.services.ours import OURS, in_each_language, tell

OWN: Final = "monitoring"  # the tick that looks
PAUSE: Final = timedelta(minutes=1)
PLACE: Final = "tick:"
STOPPED: Final = _(
    "Is its worker alive, and does its log say why it fails? The queues are sight and bulk."
)


@dataclass(frozen=True)
class Tick:
    """Named as it beats."""

    name: str
    patience: timedelta
    severity: str
    title: Promise
    advice: Promise = STOPPED

    @property
    def key(self) -> str:
        return f"{PLACE}{self.name}"


TICKS: Final = [
    Tick("rules", timedelta(minutes=3), "P1", _("Alert rules are not judged")),
    Tick("anomalies", timedelta(minutes=5), "P2", _("Anomalies are not looked for")),
    Tick(
        "abreast",
        timedelta(minutes=20),
        "P3",
        _("Anomalies are found late"),
        _(
            "More readings come than are judged, or many new metrics are still learning from their past."
            " If it does not pass, give the worker sight more processor, or judge fewer metrics."
        ),
    ),
    Tick("roll_up", timedelta(minutes=15), "P3", _("Samples are not rolled up")),
    Tick(
        "kept",
        timedelta(minutes=30),
        "P3",
        _("Subscribers are not kept for an emergency"),
        _(
            "Without the database the status page could mail only who subscribed before then."
            " Does the log of the worker background say why? Is the disk full?"
        ),
    ),
]


def watch_ticks(*, at: datetime) -> None:
    beats = {row.name: row.at for row in Heartbeat.objects.filter(name__in=_names())}
    if beats.get(OWN, at - 2 * PAUSE) <= at - PAUSE:
        for one in TICKS:
            Heartbeat.objects.beat(
                one.name
            )  # we were away ourselves: they have their time from now
        return
    for one in TICKS:
        if one.name not in beats:  # new since the last version: it has its time from now
            Heartbeat.objects.beat(one.name)
    told = Alert.objects.open().filter(integration__source=OURS, key__startswith=PLACE)
    keys = set(told.values_list("key", flat=True))
    late = {one.key for one in TICKS if beats.get(one.name, at) <= at - one.patience}
    signals = [_said(one, beats.get(one.name)) for one in TICKS if one.key in late - keys]
    signals += [Signal(key=key, title="", resolved=True) for key in sorted(keys - late)]
    if signals:
        tell(signals, at=at)


def _names() -> list[str]:
    return [OWN, *(one.name for one in TICKS)]


@in_each_language
def _said(tick: Tick, beat: datetime | None) -> Signal:
    return Signal(
        key=tick.key,
        title=str(tick.title),
        description=str(tick.advice),
        severities=[tick.severity],
        group=PLACE,
        labels={"alertname": "tick_stopped", "tick": tick.name},
        started_at=beat,
        url=f"{settings.BASE_URL}/monitoring/",
    )  # fmt: skip
