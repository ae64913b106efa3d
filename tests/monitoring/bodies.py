"""For each source a valid body in which one text says whatever a test wants."""

import json
from collections.abc import Callable
from typing import Any

START = "2026-11-23T00:05:58.839Z"


def alertmanager(said: Any) -> Any:
    alert = {
        "status": "firing", "fingerprint": f"f{said}", "startsAt": START, "generatorURL": said,
        "labels": {"alertname": said, "service": said, "severity": said, "x": said},
        "annotations": {"summary": said, "description": said, "runbook_url": said},
    }  # fmt: skip
    return {"version": "4", "alerts": [alert], "receiver": said, "groupKey": said}


def prometheus(said: Any) -> Any:
    labels = {"alertname": "Odd", "service": said, "severity": said, "instance": said}
    notes = {"summary": said, "description": said, "runbook_url": said}
    return [{"labels": labels, "annotations": notes, "generatorURL": said}]


def pagerduty(said: Any) -> Any:
    payload = {
        "summary": f"s{said}", "source": f"s{said}", "severity": "error", "component": said,
        "group": said, "class": said, "timestamp": said,
        "custom_details": {"service": said, "alertname": said, "severity": said, "firing": said},
    }  # fmt: skip
    return {
        "event_action": "trigger", "payload": payload, "client": said, "client_url": said,
        "links": [{"href": said}],
    }  # fmt: skip


def generic(said: Any) -> Any:
    names = [
        "severity", "service", "group", "description", "dedup_key", "url", "runbook_url",
        "started_at", "expires_at", "status", "labels", "priority", "details",
    ]  # fmt: skip
    return {"title": f"t{said}", "summary": said} | dict.fromkeys(names, said)


def grafana(said: Any) -> Any:
    links = dict.fromkeys(["silenceURL", "dashboardURL", "panelURL", "imageURL"], said)
    [alert] = alertmanager(said)["alerts"]
    body = {"version": "1", "orgId": 1, "title": said, "state": said, "message": said}
    return body | {"alerts": [alert | links | {"values": said, "valueString": said}]}


def opsgenie(said: Any) -> Any:
    names = [
        "alias", "description", "tags", "details", "entity", "source", "priority", "user", "note",
        "responders", "visibleTo", "actions",
    ]  # fmt: skip
    details = dict.fromkeys(["alertname", "service", "severity", "priority", "runbook_url"], said)
    return dict.fromkeys(names, said) | {"message": f"m{said}", "details": details}


TOPIC = "arn:aws:sns:ap-northeast-2:123456789012:bongsu"


def sns(said: Any) -> Any:
    """Signed by the sandbox before it is sent."""
    alarm = {
        "AlarmName": said, "AlarmArn": f"arn{said}", "NewStateValue": "ALARM", "Region": said,
        "AlarmDescription": said, "NewStateReason": said, "StateChangeTime": said,
        "Trigger": {"MetricName": said, "Dimensions": [{"name": "service", "value": said}]},
    }  # fmt: skip
    text = json.dumps(alarm).replace("Infinity", "1e999")
    return {"Type": "Notification", "TopicArn": TOPIC, "Message": text, "Subject": "alarm"}


BODIES: dict[str, Callable[[Any], Any]] = {
    "alertmanager": alertmanager,
    "generic": generic,
    "grafana": grafana,
    "opsgenie": opsgenie,
    "pagerduty": pagerduty,
    "prometheus": prometheus,
    "sns": sns,
}
