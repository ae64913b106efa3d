from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Q, QuerySet

from monitoring.domain.matching import Matcher
from monitoring.domain.quiet import SilenceRule
from monitoring.models import Alert, Change, Integration, QuietQuerySet, QuietTime
from monitoring.services.ours import OURS
from monitoring.services.quieting import fitting
from teams.models import Service

LOOKED_AT: Final = 5_000  # alerts that fire, for a preview; more is a storm, and the number says so
NAMED: Final = 5
BESIDE: Final = 50  # alerts of other groups in one reading of a storm
CHANGES_SHOWN: Final = 50


def unread_alerts(limit: int) -> list[Alert]:
    """Alerts with news, oldest first, locked for the reader; two readers never get the same one.

    A group that fills half of them holds nobody up: the oldest of other groups are read beside it.
    """
    found = list(_unread()[:limit])
    named = Counter((alert.service, alert.group) for alert in found)
    for (service, group), count in named.most_common(1):
        if len(found) == limit and count * 2 >= limit:
            others = _unread().exclude(service=service, group=group)
            found += others.filter(pk__gt=found[-1].pk)[:BESIDE]
    return found


def _unread() -> QuerySet[Alert]:
    rows = Alert.objects.filter(unread=True).select_related("integration__default_service")
    return rows.order_by("id").select_for_update(skip_locked=True, of=("self",))


def more_unread_than(count: int) -> bool:
    return Alert.objects.filter(unread=True).order_by("id")[count : count + 1].exists()


def is_connected() -> bool:
    """Somebody besides ourselves may send alerts."""
    return Integration.objects.filter(enabled=True).exclude(source=OURS).exists()


def mark_read(alerts: list[Alert]) -> None:
    Alert.objects.filter(pk__in=[alert.pk for alert in alerts]).update(unread=False)


@dataclass(frozen=True)
class Preview:
    """What a silence would be quiet about, of the alerts that fire now."""

    count: int
    of: int
    some: Sequence[Alert]

    @property
    def is_everything(self) -> bool:
        return self.count == self.of > 1


def preview(matchers: Sequence[Matcher], *, at: datetime) -> Preview:
    firing = Alert.objects.open()[:LOOKED_AT]
    found = fitting([SilenceRule(None, at, at, matchers)], firing, at=at)
    of = Alert.objects.open()[:LOOKED_AT].count()
    return Preview(len(found), of, sorted(found, key=lambda alert: alert.severity)[:NAMED])


def quiet_because_of(alerts: Collection[int]) -> dict[int, int]:
    """By alert, how many of what stands on it call nobody because of it, now."""
    quiet = Alert.objects.open().filter(because_of__in=alerts, muted_until__isnull=False)
    return dict(quiet.order_by().values_list("because_of").annotate(n=Count("pk")))


def with_counts(times: QuietQuerySet) -> list[tuple[QuietTime, int]]:
    """Each with the number of alerts it keeps quiet now."""
    rows = list(times)
    counted = quieted(rows)
    return [(row, counted.get(row.pk, 0)) for row in rows]


def quieted(times: Sequence[QuietTime]) -> dict[Any, int]:
    """How many alerts each of these, all of one kind, keeps quiet now."""
    if not times:
        return {}
    by = times[0].on_alert
    quiet = Alert.objects.open().filter(muted_until__isnull=False, **{f"{by}__in": times})
    return dict(quiet.order_by().values_list(by).annotate(n=Count("pk")))


def changes_between(
    start: datetime, end: datetime, services: Collection[Service] = ()
) -> QuerySet[Change]:
    """What changed then, the newest first: of these services and of none in particular; or of all."""
    found = Change.objects.filter(happened_at__gte=start, happened_at__lt=end)
    if services:
        found = found.filter(Q(service__in=services) | Q(service=None))
    return found.select_related("service", "integration")[:CHANGES_SHOWN]
