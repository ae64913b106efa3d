"""What clients of Opsgenie ask back: what became of a request, one alert, a list of them."""

import re
from typing import Any, Final

from django.http import HttpRequest

from monitoring.compat.calling import asked
from monitoring.models import Alert, AlertQuerySet, Integration
from monitoring.source import Answer
from monitoring.sources.opsgenie import DONE, request_of

MOST: Final = 100  # alerts in one answer; its own limit
TERM: Final = re.compile(r'(\w+)\s*[:=]\s*(?:"([^"]*)"|(\S+))|(\S+)')
PRIORITY: Final = {"P0": "P1", "P1": "P2", "P2": "P3", "P3": "P4"}


@asked("GET")
def request_status(request: HttpRequest, integration: Integration, *, request_id: str) -> Answer:
    try:
        verb, number = request_of(request_id)
    except ValueError:
        return _missing("Request not found. It might not be processed, yet.")
    alert = integration.alerts.filter(pk=number).first()
    done = verb in DONE and alert is not None
    said = {
        "success": done, "isSuccess": done, "action": verb.capitalize(),
        "status": _status(verb, alert), "processedAt": alert and _time(alert.last_seen_at),
        "integrationId": str(integration.pk), "alertId": alert.key if alert else "",
        "alias": alert.key if alert else "",
    }  # fmt: skip
    return Answer(200, {"data": said, "took": 0.0, "requestId": request_id})


@asked("GET")
def one(request: HttpRequest, integration: Integration, *, rest: str) -> Answer:
    tiny = request.GET.get("identifierType") == "tiny"
    if tiny and not (rest.isascii() and rest.isdigit() and len(rest) < 19):
        return _missing("Alert with the tiny id does not exist")
    named = {"pk": int(rest)} if tiny else {"key": rest.replace("\0", "")}
    alert = integration.alerts.filter(**named).order_by("-pk").first()
    return _said(_alert(alert)) if alert else _missing("Alert does not exist")


@asked("GET")
def several(request: HttpRequest, integration: Integration) -> Answer:
    start, limit = (_number(request, name, usual) for name, usual in (("offset", 0), ("limit", 20)))
    found = _searched(integration.alerts.order_by("-pk"), request.GET.get("query", "")[:1000])
    return _said([_alert(alert) for alert in found[start : start + min(limit, MOST)]])


def _searched(alerts: AlertQuerySet, query: str) -> AlertQuerySet:
    """The part of its search language that scripts use: status, alias, words; joined by AND."""
    for field, quoted, plain, word in TERM.findall(query.replace("\0", "")):
        value = quoted or plain or word
        if field == "status" and value in {"open", "closed"}:
            alerts = alerts.filter(resolved_at__isnull=value == "open")
        elif field == "alias":
            alerts = alerts.filter(key=value)
        elif value != "AND":
            alerts = alerts.search(value)
    return alerts


def _alert(alert: Alert) -> dict[str, Any]:
    return {
        "id": alert.key, "alias": alert.key, "tinyId": str(alert.pk), "message": alert.title,
        "description": alert.description, "details": alert.labels, "count": alert.count,
        "status": "closed" if alert.resolved_at else "open", "isSeen": bool(alert.acknowledged_at),
        "acknowledged": bool(alert.acknowledged_at), "snoozed": False, "tags": [],
        "priority": PRIORITY.get(alert.severity, "P5"), "source": alert.url,
        "createdAt": _time(alert.received_at), "updatedAt": _time(alert.last_seen_at),
        "lastOccurredAt": _time(alert.last_seen_at),
    }  # fmt: skip


def _status(verb: str, alert: Alert | None) -> str:
    if alert is None:
        return "Alert does not exist"
    words = {
        "create": "Created alert",
        "close": "Closed alert",
        "acknowledge": "Acknowledged alert",
    }
    return words.get(verb, f"{verb} has no meaning here: nothing was changed")


def _said(data: Any) -> Answer:
    return Answer(200, {"data": data, "took": 0.0, "requestId": ""})


def _missing(text: str) -> Answer:
    return Answer(404, {"message": text, "took": 0.0, "requestId": ""})


def _time(at: Any) -> str:
    return str(at.isoformat())


def _number(request: HttpRequest, name: str, usual: int) -> int:
    said = request.GET.get(name, "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 9 else usual
