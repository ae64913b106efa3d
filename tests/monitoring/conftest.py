import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from integrations import sns
from monitoring import door
from monitoring.models import Integration
from monitoring.registry import sources
from monitoring.services import add_integration
from tests.monitoring.bodies import TOPIC
from tests.sandbox.conftest import Sandbox, running_sandbox, sandbox

__all__ = ["running_sandbox", "sandbox"]

CAPTURED = Path(__file__).parent / "captured"


def captured(name: str) -> Any:
    """A body as a real Prometheus 2.42 or Alertmanager 0.25 sent it."""
    return json.loads((CAPTURED / f"{name}.json").read_text())


def as_sent(body: Any) -> bytes:
    """JSON, in which a sender may write numbers beyond all; Python would write a word for them."""
    return json.dumps(body).replace("Infinity", "1e999").encode()


@dataclass
class Sender:
    """A sender at its own door, posting as it would over HTTP."""

    source: str
    integration: Integration
    token: str
    amazon: Sandbox | None = None  # signs what is sent in its name

    def post(self, body: Any) -> HttpResponse:
        if self.source == "pagerduty" and isinstance(body, dict):
            body = {"routing_key": self.token} | body
        raw = body if isinstance(body, bytes) else as_sent(body)
        if self.amazon and isinstance(body, dict):
            raw = self.amazon.http.post("/sns/sign", content=raw).raise_for_status().content
        return self.browser.post(self.path, raw, content_type="application/json")

    @property
    def path(self) -> str:
        return sources[self.source].addressed("", self.token)

    @property
    def browser(self) -> Client:
        """What carries its token where the address does not."""
        key = {"authorization": f"GenieKey {self.token}"} if self.source == "opsgenie" else {}
        return Client(headers=key)


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """The door remembers a token for some seconds, which is longer than a test."""
    door._known.cache_clear()
    yield
    door._known.cache_clear()


@pytest.fixture
def sender(db: None, request: pytest.FixtureRequest) -> Callable[[str], Sender]:
    def add(source: str, name: str = "") -> Sender:
        topical = sources[source].wants_topic
        topic, amazon = (TOPIC, request.getfixturevalue("amazon")) if topical else ("", None)
        integration, token = add_integration(source, name=name or f"a {source}", topic=topic)
        return Sender(source, integration, token, amazon)

    return add


@pytest.fixture
def amazon(sandbox: Sandbox, settings: Settings) -> Iterator[Sandbox]:
    """The sandbox, whose signature counts as that of Amazon SNS."""
    settings.SNS_STAND_IN = f"{sandbox.url}/sns/"
    settings.OUTBOUND_ALLOW = [f"127.0.0.1:{sandbox.port}"]
    sns.key_at.cache_clear()
    yield sandbox
    sns.key_at.cache_clear()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], datetime]:
    """Sets the time of this host."""

    def set_to(text: str) -> datetime:
        at = datetime.fromisoformat(text)
        monkeypatch.setattr("core.clock.now", lambda: at)
        return at

    return set_to
