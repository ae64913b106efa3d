import os
import signal
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx2
import pytest

ROOT = Path(__file__).parents[2]
START_SECONDS = 10


class Sandbox:
    """A running sandbox, met over the wire only."""

    def __init__(self, **environment: str) -> None:
        self.port, self.smtp_port = free_port(), free_port()
        ports = {"SANDBOX_PORT": str(self.port), "SANDBOX_SMTP_PORT": str(self.smtp_port)}
        self.process = start(**(ports | environment))
        self.url = f"http://127.0.0.1:{self.port}"
        self.http = httpx2.Client(base_url=self.url, timeout=10)

    def wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                self.http.get("/healthz").raise_for_status()
                return
            except httpx2.TransportError:
                time.sleep(0.05)
        raise AssertionError(f"the sandbox did not start: {self.process.poll()}")

    def reset(self) -> None:
        for path in ("/inbox.json", "/refused.json", "/faults"):
            self.http.delete(path).raise_for_status()

    def break_(self, party: str, mode: str, **options: Any) -> None:
        self.http.put(f"/faults/{party}", json={"mode": mode, **options}).raise_for_status()

    def inbox(self, **query: Any) -> list[dict[str, Any]]:
        return self._list("/inbox.json", query)

    def refused(self, **query: Any) -> list[dict[str, Any]]:
        return self._list("/refused.json", query)

    def _list(self, path: str, query: dict[str, Any]) -> list[dict[str, Any]]:
        answer = self.http.get(path, params=query).raise_for_status()
        found: list[dict[str, Any]] = answer.json()
        return found

    def slack(self, method: str, **fields: Any) -> httpx2.Response:
        token = {"Authorization": "Bearer xoxb-test"}
        return self.http.post(f"/slack/api/{method}", json=fields, headers=token)

    def twilio(self, resource: str, **fields: str) -> httpx2.Response:
        return self.http.post(twilio_path(resource), data=fields, auth=("AC1", "token"))

    def mail(self, message: EmailMessage, to: list[str] | None = None) -> None:
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=5) as connection:
            connection.send_message(message, to_addrs=to)

    def end(self) -> int:
        self.http.close()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=5)


def twilio_path(resource: str) -> str:
    return f"/twilio/2010-04-01/Accounts/AC1/{resource}.json"


def start(**environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "sandbox"],
        cwd=ROOT,
        env=os.environ | environment,
        stderr=subprocess.PIPE,
        text=True,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def letter(to: str = "kim@example.com", **headers: str) -> EmailMessage:
    message = EmailMessage()
    given = {"From": "봉수 <alert@bongsu.example>", "To": to, "Subject": "출금 중단", **headers}
    for name, value in given.items():
        message[name.replace("_", "-")] = value
    message.set_content("출금이 멈췄어요.\n")
    return message


@pytest.fixture(scope="session")
def running_sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox()
    sandbox.wait_until_it_answers()
    yield sandbox
    sandbox.end()


@pytest.fixture
def sandbox(running_sandbox: Sandbox) -> Sandbox:
    running_sandbox.reset()
    return running_sandbox


@pytest.fixture
def another_sandbox() -> Iterator[Callable[..., Sandbox]]:
    """Starts sandboxes of its own making and ends them after the test."""
    started: list[Sandbox] = []

    def begin(**environment: str) -> Sandbox:
        sandbox = Sandbox(**environment)
        started.append(sandbox)
        sandbox.wait_until_it_answers()
        return sandbox

    yield begin
    for each in started:
        each.end()
