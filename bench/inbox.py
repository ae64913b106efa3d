"""What the sandbox has received."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode


@dataclass(frozen=True)
class Receipt:
    id: int
    at: float  # seconds since 1970: the sandbox's clock is this machine's
    to: str
    text: str


class Inbox:
    def __init__(self, port: int) -> None:
        self._port = port

    def last_id(self) -> int:
        return max((item["id"] for item in self._read(limit=1)), default=0)

    def received(self, *, channel: str, since: int) -> list[Receipt]:
        return [
            Receipt(
                item["id"],
                datetime.fromisoformat(item["at"]).timestamp(),
                item["to"],
                item["subject"] + "\n" + item["text"],
            )
            for item in self._read(channel=channel, since=since)
        ]

    def wait_for(
        self,
        enough: Callable[[list[Receipt]], bool],
        *,
        channel: str,
        since: int,
        within: float,
    ) -> list[Receipt]:
        """Everything received once it is enough, or when the time is over."""
        deadline = time.monotonic() + within
        while True:
            found = self.received(channel=channel, since=since)
            if enough(found) or time.monotonic() > deadline:
                return found
            time.sleep(0.5)

    def _read(self, **query: object) -> list[dict[str, Any]]:
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        try:
            line.request("GET", f"/inbox.json?{urlencode(query)}")
            found: list[dict[str, Any]] = json.loads(line.getresponse().read())
        finally:
            line.close()
        return found
