"""Which alerts come and go; noted on each, and when they have been calm for long enough."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from core.nudge import nudge
from core.rows import save_all
from monitoring.domain.flapping import flaps
from monitoring.models import Alert
from monitoring.services.storing import INCIDENTS_TICK, hold

Ends = dict[tuple[int, str], list[datetime]]


def mark_flapping(alerts: Sequence[Alert], *, at: datetime) -> None:
    """In the caller's transaction. One that ended waits to be calm; one that has been is released."""
    ends = _ends(alerts, at=at)
    changed = [alert for alert in alerts if _judged(alert, ends, at=at)]
    save_all(changed, ["flaps", "calm_at"])


def _judged(alert: Alert, ends: Ends, *, at: datetime) -> bool:
    """Whether anything changed."""
    if alert.calm_at and alert.calm_at <= at:
        alert.calm_at, alert.has_calmed = None, True
        return True
    before, sender = (alert.flaps, alert.calm_at), alert.integration
    alert.flaps = alert.flaps or flaps(
        ends[alert.integration_id, alert.key],
        at=alert.resolved_at or at,
        count=sender.flap_count,
        within=sender.flap_window,
    )
    if alert.flaps and alert.resolved_at and not alert.calm_at:
        alert.calm_at = alert.resolved_at + sender.flap_window
    return before != (alert.flaps, alert.calm_at)


def _ends(alerts: Sequence[Alert], *, at: datetime) -> Ends:
    """When alerts of the same senders and keys ended lately."""
    longest = max(alert.integration.flap_window for alert in alerts)
    since = min(alert.resolved_at or at for alert in alerts) - longest
    rows = Alert.objects.filter(
        integration__in={alert.integration_id for alert in alerts},
        key__in={alert.key for alert in alerts},
        resolved_at__gte=since,
    )
    ends: Ends = defaultdict(list)
    for integration, key, end in rows.values_list("integration_id", "key", "resolved_at"):
        if end:
            ends[integration, key].append(end)
    return ends


def settle_due(*, at: datetime) -> None:
    """Quiet for as long as it takes to flap: read once more, so that their incidents may end."""
    with transaction.atomic():
        held = hold(Alert.objects.filter(calm_at__lte=at, unread=False))
        if held:
            Alert.objects.filter(pk__in=list(held)).update(unread=True)
            nudge(INCIDENTS_TICK)
