"""Alerts in: whatever is accepted is stored, and nothing is accepted that is not."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, cast

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from core.database.base import DatabaseWrapper
from core.nudge import nudge
from monitoring.domain.alerts import Signal, severity_of
from monitoring.models import Alert, AlertQuerySet, HeardMessage, Integration, Payload
from monitoring.source import Stored

INCIDENTS_TICK = (
    "incidents.tick"  # a name to wake, not an import: this layer knows nothing above it
)

# One statement for the payload and its alerts: half the round trips of two, and atomic by itself.
# The alerts come as columns, so that it is the same statement, planned once, for any number.
# A repeat counts; it is news only when it is graver than before.
STORE = """(
    bigint, timestamptz, bytea, text[], text[], text[], text[], text[], text[], text[], text[],
    text[], text[], timestamptz[], timestamptz[]
) AS
WITH payload AS (
    INSERT INTO monitoring_payload (integration_id, received_at, body, error)
    VALUES ($1, $2, $3, '') RETURNING id
)
INSERT INTO monitoring_alert AS alert (
    payload_id, integration_id, received_at, last_seen_at, count, unread, expired,
    key, title, description, severity, service, "group", labels, translations, url,
    runbook_url, started_at, expires_at
)
SELECT payload.id, $1, $2, $2, 1, true, false, key, title, description, severity, service,
    "group", labels::jsonb, translations::jsonb, url, runbook_url, started_at, expires_at
FROM payload, unnest($4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) AS new (
    key, title, description, severity, service, "group", labels, translations, url,
    runbook_url, started_at, expires_at
)
ON CONFLICT (integration_id, key) WHERE resolved_at IS NULL DO UPDATE SET
    count = alert.count + 1,
    last_seen_at = excluded.last_seen_at,
    expires_at = excluded.expires_at,
    severity = least(alert.severity COLLATE "C", excluded.severity COLLATE "C"),
    unread = alert.unread OR excluded.severity COLLATE "C" < alert.severity COLLATE "C"
RETURNING key, id, xmax = 0, unread
"""
EXECUTE = "EXECUTE store_alerts (%s, %s, %s" + ", %s::text[]" * 10 + ", %s::timestamptz[]" * 2 + ")"


def store(
    integration: Integration,
    body: bytes,
    signals: Sequence[Signal],
    *,
    at: datetime,
    once: str = "",
) -> list[Stored]:
    """Keep the payload and upsert its alerts, all or nothing; one answer per signal, in order.

    What carries the id of a message that was heard before (`once`) changes nothing.
    """
    if not once:
        return _store(integration, body, signals, at=at)
    with transaction.atomic():
        _, is_new = HeardMessage.objects.get_or_create(
            integration=integration, message_id=once, defaults={"at": at}
        )
        if not is_new:
            return [Stored(signal.key, is_new=False) for signal in signals]
        return _store(integration, body, signals, at=at)


def _store(
    integration: Integration, body: bytes, signals: Sequence[Signal], *, at: datetime
) -> list[Stored]:
    # By key, or two senders of the same alerts in another order could wait for each other for ever.
    firing = {
        signal.key: signal
        for signal in sorted(signals, key=attrgetter("key"))
        if not (signal.resolved or signal.acknowledged)
    }
    if len(firing) == len(signals) and firing:
        found = _upsert(integration, body, list(firing.values()), at=at)
    else:
        with transaction.atomic():
            found = _store_mixed(integration, body, signals, list(firing.values()), at=at)
    return [found.get(signal.key, Stored(signal.key, is_new=False)) for signal in signals]


def _upsert(
    integration: Integration, body: bytes, signals: Sequence[Signal], *, at: datetime
) -> dict[str, Stored]:
    columns = zip(*(_row(integration, signal, at) for signal in signals), strict=True)
    database = cast("DatabaseWrapper", connections[DEFAULT_DB_ALIAS])
    database.prepare("store_alerts", STORE)
    with database.cursor() as cursor:
        cursor.execute(EXECUTE, [integration.pk, at, body, *map(list, columns)])
        found = cursor.fetchall()
    if any(unread for *_, unread in found):
        nudge(INCIDENTS_TICK)
    return {key: Stored(key, is_new, pk) for key, pk, is_new, _ in found}


def _row(integration: Integration, signal: Signal, at: datetime) -> list[Any]:
    return [
        signal.key,
        signal.title,
        signal.description,
        severity_of(signal.severities, integration.severity_map, integration.default_severity),
        # A label may be longer than our column: cut, or the alert could never be stored.
        signal.service[:80],
        signal.group[:255],
        json.dumps(dict(signal.labels)),
        json.dumps({language: dict(told) for language, told in signal.translations.items()}),
        signal.url,
        signal.runbook_url,
        signal.started_at or at,
        signal.expires_at,
    ]


def _store_mixed(
    integration: Integration,
    body: bytes,
    signals: Sequence[Signal],
    firing: Sequence[Signal],
    *,
    at: datetime,
) -> dict[str, Stored]:
    over = [signal.key for signal in signals if signal.resolved]
    answered = [signal.key for signal in signals if signal.acknowledged]
    alerts = Alert.objects.open().filter(integration=integration)
    held = hold(alerts.filter(key__in=[signal.key for signal in signals]))
    found = {key: Stored(key, is_new=False, alert=pk) for pk, key in held.items()}
    # In the order of the payload's meaning: what is over first, or a re-fired key would stay closed.
    changed = alerts.filter(key__in=over).update(resolved_at=at, last_seen_at=at, unread=True)
    changed += alerts.filter(key__in=answered, acknowledged_at=None).update(
        acknowledged_at=at, last_seen_at=at, unread=True
    )
    if changed:
        nudge(INCIDENTS_TICK)
    if firing:
        return found | _upsert(integration, body, firing, at=at)
    Payload.objects.create(integration=integration, received_at=at, body=body)
    return found


def keep_refused(
    integration: Integration, body: bytes, reasons: Iterable[str], *, at: datetime
) -> None:
    """A bad payload is kept with the reason, for whoever mends the sender."""
    Payload.objects.create(
        integration=integration, received_at=at, body=body, error="; ".join(reasons)[:2000]
    )


def close(alerts: Sequence[int], *, at: datetime) -> None:
    """Whoever dealt with them says that they are over. In the caller's transaction."""
    held = hold(Alert.objects.open().filter(pk__in=alerts))
    Alert.objects.filter(pk__in=held).update(resolved_at=at)


def hold(alerts: AlertQuerySet, *, of: Sequence[str] = ()) -> dict[int, str]:
    """Lock them by sender and key, as every writer does: no two wait for each other in a circle."""
    held = alerts.order_by("integration_id", "key").select_for_update(of=of)
    return dict(held.values_list("pk", "key"))
