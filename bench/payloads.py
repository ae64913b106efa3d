"""What an Alertmanager posts for one firing alert, about 900 bytes, ready to be sent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

KEY, GROUP = "@key@", "@group@"
KEY_LENGTH = 16  # as long as Alertmanager's fingerprints

Alert = dict[str, Any]

WEBHOOK: Final[dict[str, Any]] = {
    "receiver": "bongsu",
    "status": "firing",
    "alerts": [
        {
            "status": "firing",
            "labels": {
                "alertname": GROUP,
                "instance": "10.0.3.17:9100",
                "job": "withdrawal-worker",
                "service": "withdrawals",
                "severity": "@severity@",
            },
            "annotations": {
                "summary": f"{KEY} 출금 대기열이 줄지 않아요",
                "description": "Withdrawals have waited for more than five minutes.",
                "runbook_url": "https://runbooks.example/withdrawal-queue",
            },
            "startsAt": "2026-11-20T02:47:10.337Z",
            "endsAt": "0001-01-01T00:00:00Z",
            "generatorURL": "http://prometheus.example:9090/graph?g0.expr=withdrawal_queue+%3E+100",
            "fingerprint": KEY,
        }
    ],
    "groupLabels": {"alertname": GROUP},
    "commonLabels": {"severity": "@severity@"},
    "commonAnnotations": {},
    "externalURL": "http://alertmanager.example:9093",
    "version": "4",
    "groupKey": '{}:{alertname="' + GROUP + '"}',
    "truncatedAlerts": 0,
}


def _of(alert: Alert, service: str, apart: object) -> Alert:
    """The alert as one of another service tells it, which is another alert."""
    labels = alert["labels"] | {"service": service, "alertname": f"{GROUP}{apart}"}
    return alert | {"labels": labels, "fingerprint": f"{KEY}{apart}"}


@dataclass(frozen=True)
class Shape:
    """How the alerts of one load differ from each other.

    `groups` is "one" (all of them make one incident), "each" (each makes its own) or "same" (one
    alert, over and over).
    """

    prefix: str  # up to nine characters, which tell this load's alerts from all others
    groups: str = "one"
    severity: str = "P3"
    services: Sequence[str] = ("withdrawals",)  # one alert of each in a request

    def key(self, place: int) -> str:
        """The alert's key, its title's first word, and its group where each has its own."""
        number = 0 if self.groups == "same" else place
        return self.prefix + str(number).zfill(KEY_LENGTH - len(self.prefix))

    def _webhook(self) -> dict[str, object]:
        [alert] = WEBHOOK["alerts"]
        apart = len(self.services) > 1
        return WEBHOOK | {
            "alerts": [
                _of(alert, service, place if apart else "")
                for place, service in enumerate(self.services)
            ]
        }

    def request(self, path: str) -> list[bytes]:
        """The whole request in pieces, to be joined by a key: the sender's time is precious."""
        text = json.dumps(self._webhook(), ensure_ascii=False)
        text = text.replace("@severity@", self.severity)
        text = text.replace(GROUP, KEY if self.groups == "each" else f"{self.prefix}Group")
        length = len(text.replace(KEY, "0" * KEY_LENGTH).encode())
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Alertmanager/0.27.0\r\n"
            f"Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
        )
        return (head + text).encode().split(KEY.encode())
