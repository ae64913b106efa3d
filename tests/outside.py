"""The outside world of a test, over the wire: what arrived there, and how it is made to misbehave."""

import json
import re
from pathlib import Path
from typing import Any

import httpx2

Receipt = dict[str, Any]
SWITCHES = ("smtp", "slack", "sms", "voice", "webhook")
LINK = re.compile(r"/p/([\w.-]+)/")


def is_page(receipt: Receipt) -> bool:
    """What asks for an answer; stakeholders are told of the same alert, and asked for none."""
    if receipt["channel"] == "voice":
        return "<Gather" in receipt["details"]["twiml"]
    return receipt["channel"] == "webhook" or bool(LINK.search(str(receipt)))


class Sandbox:
    def __init__(self, port: int, journal: Path) -> None:
        self.port, self.journal_file = port, journal
        self.url = f"http://127.0.0.1:{port}"
        self.http = httpx2.Client(base_url=self.url, timeout=70)

    def inbox(self, **query: str | int) -> list[Receipt]:
        found: list[Receipt] = self.http.get("/inbox.json", params=query).json()
        return found

    def pages(self, **query: str | int) -> list[Receipt]:
        """Of the inbox, what asks for an answer."""
        return list(filter(is_page, self.inbox(**query)))

    def refused(self, **query: str | int) -> list[Receipt]:
        found: list[Receipt] = self.http.get("/refused.json", params=query).json()
        return found

    def expect(self, channel: str, *, containing: str, to: str = "", within: int = 20) -> Receipt:
        """The newest message of this kind; it may still be on its way."""
        query = {"channel": channel, "containing": containing, "to": to, "timeout": within}
        answer = self.http.get("/inbox/wait", params=query)
        assert answer.is_success, f"no {channel} to {to or 'anybody'} with {containing!r} came"
        found: Receipt = answer.json()
        return found

    def reply(self, recipient: str, text: str) -> str:
        """What somebody writes back, and what they are told."""
        return self._answer("/reply", recipient=recipient, text=text)

    def press(self, recipient: str, key: str) -> str:
        """A key on the newest call, and what is heard then."""
        return self._answer("/press", recipient=recipient, key=key)

    def press_button(self, recipient: str, action: str) -> None:
        """A button under the newest message in Slack; what comes of it comes later."""
        self._answer("/slack/press", recipient=recipient, action=action)

    def command(self, user: str, text: str) -> str:
        return self._answer("/slack/command", user=user, text=text)

    def _answer(self, path: str, **said: str) -> str:
        answer = self.http.post(path, json=said).raise_for_status().json()
        assert answer["status"] == 200, answer
        return str(answer["heard"])

    def misbehave(self, *switches: str, **wish: str | float) -> None:
        for switch in switches or SWITCHES:
            self.http.put(f"/faults/{switch}", json=wish).raise_for_status()

    def calm(self) -> None:
        self.http.delete("/faults").raise_for_status()

    def journal(self) -> list[Receipt]:
        """Everything that ever arrived, also before the sandbox itself was killed."""
        if not self.journal_file.exists():
            return []
        lines = self.journal_file.read_text().splitlines()
        return [json.loads(line) for line in lines if line.endswith("}")]
