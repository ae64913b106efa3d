from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from core import clock
from integrations import slack
from notifications.models import Delivery, Lane
from notifications.outbox import send_one
from tests.sandbox.conftest import Sandbox
from tests.server import Server, servers

FACTS = {
    "number": 214, "title": "출금 대기열 정체", "severity": "P0", "status": "triggered",
    "services": ["withdrawals"], "since": "2026-11-23T03:00:00+00:00", "why": "opened",
    "others": ["이서준"],
    "localised": {
        "ko": {"severity_name": "치명적", "services": "출금", "reason": "대응팀이에요"},
        "en": {"severity_name": "Critical", "services": "Withdrawals", "reason": "You are on it"},
    },
}  # fmt: skip


@dataclass(frozen=True)
class Way:
    """A way to reach somebody: the channel, an address, and the sandbox's switch that breaks it."""

    channel: str
    address: str
    switch: str
    kind: str  # what the sandbox's inbox calls it


WAYS = {
    "email": Way("email", "kim@example.com", "smtp", "email"),
    "slack": Way("slack", "U0000003", "slack", "slack"),
    "slack webhook": Way("slack", "{url}/slack/services/T0/B0/x", "slack_webhook", "slack"),
    "sms": Way("sms", "+821000000003", "sms", "sms"),
    "voice": Way("voice", "+821000000003", "voice", "voice"),
    "webhook": Way("webhook", "{url}/webhook/p0", "webhook", "webhook"),
}


@pytest.fixture(scope="session")
def running_sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox()
    sandbox.wait_until_it_answers()
    yield sandbox
    sandbox.end()


@pytest.fixture
def sandbox(running_sandbox: Sandbox, settings: Settings) -> Iterator[Sandbox]:
    """The outside world as the settings name it: nothing in the product knows that it is simulated."""
    running_sandbox.reset()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running_sandbox.smtp_port
    settings.SLACK_API_URL = f"{running_sandbox.url}/slack/api/"
    settings.TWILIO_API_URL = f"{running_sandbox.url}/twilio"
    settings.TWILIO_BACKUP_API_URL = ""
    settings.OUTBOUND_ALLOW = [f"127.0.0.1:{running_sandbox.port}"]
    slack.client.cache_clear()
    yield running_sandbox
    slack.client.cache_clear()


@pytest.fixture
def server() -> Iterator[Callable[..., Server]]:
    with servers() as start:
        yield start


@pytest.fixture
def queued(db: None, sandbox: Sandbox) -> Callable[..., Delivery]:
    """A message in the outbox, due since a minute."""

    def put(way: str, **fields: Any) -> Delivery:
        chosen = WAYS[way]
        usual = {
            "lane": Lane.PAGE, "topic": "incident:214", "step": "0", "recipient_name": "김하늘",
            "language": "ko", "channel": chosen.channel, "template": "page", "context": FACTS,
            "address": chosen.address.format(url=sandbox.url),
            "created_at": clock.now() - timedelta(minutes=1),
            "due_at": clock.now() - timedelta(minutes=1),
        }  # fmt: skip
        return Delivery.objects.create(**(usual | fields))

    return put


def send(delivery: Delivery) -> Delivery:
    """Let the outbox work on it once; the row as it is afterwards."""
    assert send_one(delivery.channel, [Lane.PAGE])
    return Delivery.objects.get(pk=delivery.pk)


def due_now(delivery: Delivery) -> None:
    """The wait is over, or the lease is."""
    Delivery.objects.filter(pk=delivery.pk).update(due_at=clock.now() - timedelta(minutes=1))
