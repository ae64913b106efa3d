"""How many metrics there may be: said before the bound is reached, and long unheard ones let go."""

from datetime import datetime
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from monitoring.domain.alerts import Signal
from monitoring.domain.resolution import Resolution
from monitoring.models import Alert, Metric
from monitoring.services.ours import OURS, in_each_language, tell
from monitoring.services.partitioning import kept

ROOM: Final = "metrics:room"
NEAR, CALM = 0.9, 0.85  # of the bound: said from the one on, over below the other
BATCH: Final = 1_000


def in_use(*, at: datetime) -> int:
    """Metrics that count against the bound: those of which there may still be samples."""
    raw = kept()[Resolution.RAW]
    return (Metric.objects.heard_since(at - raw) if raw else Metric.objects.all()).count()


def watch_room(*, at: datetime) -> None:
    """Tell while there is room left, and louder when new metrics are refused."""
    used, most = in_use(at=at), settings.METRICS_MAX
    told = Alert.objects.open().filter(integration__source=OURS, key=ROOM)
    if used >= NEAR * most:
        severity = "P2" if used >= most else "P3"
        if not told.filter(severity__lte=severity).exists():
            tell([_crowded(used, most, severity)], at=at)
    elif used < CALM * most and told.exists():
        tell([Signal(key=ROOM, title="", resolved=True)], at=at)


def forget_metrics(*, at: datetime) -> int:
    """What was last heard of before the five minutes that are kept; not while a rule speaks of it."""
    days, gone = kept()[Resolution.FIVE_MINUTES], 0
    if not days:
        return 0
    old = Metric.objects.exclude(
        pk__in=Metric.objects.heard_since(at - days).order_by().values("pk")
    )
    old = old.filter(rule_states=None).order_by("pk")
    while batch := list(old.values_list("pk", flat=True)[:BATCH]):
        Metric.objects.filter(pk__in=batch).delete()
        gone += len(batch)
    return gone


@in_each_language
def _crowded(used: int, most: int, severity: str) -> Signal:
    full = severity == "P2"
    return Signal(
        key=ROOM,
        title=_("New metrics are refused") if full else _("Soon new metrics will be refused"),
        description=_(
            "%(used)s of %(most)s metrics are in use. Look for a label that never repeats, or"
            " raise BONGSU_METRICS_MAX."
        ) % {"used": f"{used:,}", "most": f"{most:,}"},
        severities=[severity],
        labels={"alertname": "metrics_room"},
        url=f"{settings.BASE_URL}/monitoring/metrics/",
    )  # fmt: skip
