"""A long past: a few incidents that the product made itself, copied many times with earlier dates."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Final

from bench.database import Database
from bench.load import Order, send
from bench.payloads import Shape
from bench.product import Product
from bench.visitor import Visitor

# Of each severity: how many end and are copied, and how many stay open.
RESOLVED: Final = {"P3": 5, "P2": 2, "P1": 1}
OPEN: Final = {"P3": 10, "P2": 6, "P1": 4}
APART: Final = "interval '10 minutes'"  # 100,000 incidents are two years
WITHIN: Final = 60.0

COLUMNS = """
SELECT string_agg(column_name || ' ' || data_type, ',' ORDER BY ordinal_position)
FROM information_schema.columns WHERE table_name = %s
"""
INCIDENTS = "SELECT count(*) FROM incidents_incident"
NUMBERS = """
SELECT string_agg(number::text, ',' ORDER BY number) FROM incidents_incident
WHERE severity = %s AND status <> 'resolved'
"""
UNSENT = """
SELECT count(*) FROM notifications_delivery WHERE state <> 'sent' OR NOT noted
"""

# What differs in a copy; every other column is as it was, and every time is earlier.
# The words differ as those of a real past do: of a few that all have, PostgreSQL counts none.
INCIDENT: Final = {
    "number": "o.number + copy.n * {incidents}",
    "description": "o.description || ' host' || mod(copy.n, 400)",
}
EVENT: Final = {"id": "", "incident_id": "o.incident_id + copy.n * {incidents}"}
SERVICE: Final = EVENT
ALERT: Final = {
    "id": "o.id + copy.n * {alerts}",
    "key": "o.key || '-' || copy.n",
    "payload_id": "NULL::bigint",
}
LINK: Final = {
    "alert_id": "o.alert_id + copy.n * {alerts}",
    "incident_id": "o.incident_id + copy.n * {incidents}",
}
DELIVERY: Final = {
    "id": "gen_random_uuid()",
    "topic": "'incident:' || (split_part(o.topic, ':', 2)::bigint + copy.n * {incidents})",
}
DONE: Final = (
    "(SELECT number FROM incidents_incident WHERE number <= {incidents} AND status = 'resolved')"
)
# S608: the names are constants of this file.
TABLES: Final[Mapping[str, tuple[Mapping[str, str], str]]] = {
    "incidents_incident": (INCIDENT, f"o.number IN {DONE}"),
    "incidents_event": (EVENT, f"o.incident_id IN {DONE}"),
    "incidents_incident_services": (SERVICE, f"o.incident_id IN {DONE}"),
    "monitoring_alert": (
        ALERT,
        f"o.id IN (SELECT alert_id FROM incidents_linkedalert WHERE incident_id IN {DONE})",  # noqa: S608
    ),
    "incidents_linkedalert": (LINK, f"o.incident_id IN {DONE}"),
    "notifications_delivery": (
        DELIVERY,
        f"o.topic IN (SELECT 'incident:' || d.number FROM {DONE} AS d)",  # noqa: S608
    ),
}


class Past:
    """Incidents that are there, and as many more as are wanted."""

    def __init__(self, product: Product, visitor: Visitor, path: str) -> None:
        self._database = product.database
        _make_originals(product, visitor, path)
        self._strides = {
            "incidents": self._database.one("SELECT max(number) FROM incidents_incident"),
            "alerts": self._database.one("SELECT max(id) FROM monitoring_alert"),
        }
        self._copies = 0

    def grow_to(self, count: int) -> None:
        missing = count - int(self._database.one(INCIDENTS))
        more = max(0, -(-missing // sum(RESOLVED.values())))
        self._database.run("SET synchronous_commit = off")
        for table, (changed, originals) in TABLES.items():
            found = self._database.one(COLUMNS, table)
            types = dict(column.split(" ", 1) for column in found.split(","))
            sql = copying(table, types, changed, originals).format(**self._strides)
            self._database.run(sql, self._copies + 1, self._copies + more)
        self._copies += more
        self._database.run("VACUUM ANALYZE")


def copying(
    table: str, types: Mapping[str, str], changed: Mapping[str, str], originals: str
) -> str:
    """The statement that copies rows `n` times, from its first to its second parameter.

    A column changed to "" is left out, for the database to number.
    """
    kept = [column for column in types if changed.get(column) != ""]
    values = [changed.get(column) or _earlier(column, types[column]) for column in kept]
    names = ", ".join(f'"{column}"' for column in kept)
    return (
        f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} FROM {table} AS o, "  # noqa: S608
        f"generate_series(%s, %s) AS copy(n) WHERE {originals}"
    )


def _earlier(column: str, kind: str) -> str:
    shift = f" - (copy.n * {APART})" if kind.startswith("timestamp") else ""
    return f'o."{column}"{shift}'


def _make_originals(product: Product, visitor: Visitor, path: str) -> None:
    for severity in RESOLVED:
        shape = Shape(f"past{severity.lower()}", "each", severity)
        count = RESOLVED[severity] + OPEN[severity]
        send(Order(product.port, path, shape, connections=4, count=count))
    _wait_for_pages(product.database)
    for severity, count in RESOLVED.items():
        numbers = product.database.one(NUMBERS, severity).split(",")
        for number in numbers[:count]:
            _live_through(visitor, number)


def _wait_for_pages(database: Database) -> None:
    wanted = sum(RESOLVED.values()) + sum(OPEN.values())
    deadline = time.monotonic() + WITHIN
    while time.monotonic() < deadline:
        if database.one(INCIDENTS) >= wanted and not database.one(UNSENT):
            return
        time.sleep(0.5)


def _live_through(visitor: Visitor, number: str) -> None:
    base = f"/api/v1/incidents/{number}"
    visitor.post(f"{base}/acknowledge/")
    visitor.post(f"{base}/notes/", '{"text": "대기열을 보고 있어요. 작업자 둘이 멈춰 있어요."}')
    visitor.post(f"{base}/mitigate/")
    visitor.post(f"{base}/resolve/")
