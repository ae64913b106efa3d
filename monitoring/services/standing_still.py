"""Our own ticks that have stopped: nothing else would tell that rules or anomalies are not judged."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.models import Heartbeat
from monitoring.domain.alerts import Signal
from monitoring.models import Alert
from monitoring.services.ours import OURS, tell

OWN: Final = "monitoring"  # the tick that looks
PAUSE: Final = timedelta(minutes=1)
PLACE: Final = "tick:"


@dataclass(frozen=True)
class Tick:
    """Named as it beats."""

    name: str
    patience: timedelta
    severity: str
    title: Promise

    @property
    def key(self) -> str:
        return f"{PLACE}{self.name}"


TICKS: Final = [
    Tick("rules", timedelta(minutes=3), "P1", _("Alert rules are not judged")),
    Tick("anomalies", timedelta(minutes=5), "P2", _("Anomalies are not looked for")),
    Tick("roll_up", timedelta(minutes=15), "P3", _("Samples are not rolled up")),
]


def watch_ticks(*, at: datetime) -> None:
    beats = {row.name: row.at for row in Heartbeat.objects.filter(name__in=_names())}
    if beats.get(OWN, at - 2 * PAUSE) <= at - PAUSE:
        for one in TICKS:
            Heartbeat.objects.beat(
                one.name
            )  # we were away ourselves: they have their time from now
        return
    told = Alert.objects.open().filter(integration__source=OURS, key__startswith=PLACE)
    keys = set(told.values_list("key", flat=True))
    late = {one.key for one in TICKS if beats.get(one.name, at - one.patience) <= at - one.patience}
    signals = [_said(one, beats.get(one.name)) for one in TICKS if one.key in late - keys]
    signals += [Signal(key=key, title="", resolved=True) for key in sorted(keys - late)]
    if signals:
        tell(signals, at=at)


def _names() -> list[str]:
    return [OWN, *(one.name for one in TICKS)]


def _said(tick: Tick, beat: datetime | None) -> Signal:
    with translation.override(settings.LANGUAGE_CODE):
        return Signal(
            key=tick.key,
            title=str(tick.title),
            description=_now("Is its worker alive, and does its log say why it fails? The queues are sight and bulk."),
            severities=[tick.severity],
            group=PLACE,
            labels={"alertname": "tick_stopped", "tick": tick.name},
            started_at=beat,
            url=f"{settings.BASE_URL}/monitoring/",
        )  # fmt: skip
