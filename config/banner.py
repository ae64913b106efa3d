"""When everything answers, and what is printed then."""

from __future__ import annotations

import json
import os
import socket
from urllib.parse import urlsplit

from config.options import Options

TEST_ALERT = {
    "title": "Withdrawals are not leaving the queue",
    "severity": "critical",
    "service": "withdrawals",
    "key": "test-alert",
}
LOST = (
    "commander, with the password printed at the first start "
    "(lost? `BONGSU_ADMIN_PASSWORD=a-new-one make run`)"
)


def status(options: Options, path: str) -> int:
    """The HTTP status of a page, 0 without an answer.

    By hand, because http.client would load TLS for one line of text.
    """
    try:
        with _asked(options, path) as line:
            return int(line.recv(64).split()[1])
    except (OSError, ValueError, IndexError):
        return 0


def missing(options: Options) -> list[str]:
    """The parts that /readyz says are down; none without an answer."""
    try:
        with _asked(options, "/readyz") as line:
            answer = b"".join(iter(lambda: line.recv(4096), b""))
        said = json.loads(answer.partition(b"\r\n\r\n")[2])
    except (OSError, ValueError):
        return []
    return [name for name, word in said.items() if word == "down"]


def _asked(options: Options, path: str) -> socket.socket:
    line = socket.create_connection((options.host, options.port), timeout=2)
    line.sendall(f"GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
    return line


def compose(options: Options, *, seconds: float, seeded: list[str]) -> str:
    facts = [
        ("Portal", f"{options.url}/"),
        ("Status page", f"{options.url}/status/"),
        ("Console", f"{options.url}/console/"),
        ("API", f"{options.url}/api/docs/"),
        ("First user", _first_user(seeded)),
        ("Logs", f"{options.home / 'log'}"),
    ]
    if options.sandbox:
        facts.insert(4, ("Sandbox inbox", f"http://127.0.0.1:{options.sandbox_port}/"))
    lines = [f"  {name:<14} {fact}" for name, fact in facts]
    return "\n".join(["", f"Bongsu is ready ({seconds:.1f} s).", "", *lines, *_test_alert(options)])


def _first_user(seeded: list[str]) -> str:
    if os.environ.get("BONGSU_ADMIN_PASSWORD"):
        return "commander, with the password of BONGSU_ADMIN_PASSWORD"
    return seeded[-1] if seeded else LOST


def _test_alert(options: Options) -> list[str]:
    kept = options.home / "first-integration.url"
    if not kept.exists():
        return ["", "Ctrl-C stops everything.", ""]
    path = urlsplit(kept.read_text().strip()).path  # the port may be another one by now
    body = json.dumps(TEST_ALERT)
    header = "-H 'Content-Type: application/json'"
    curl = f"  curl -X POST {options.url}{path} {header} -d '{body}'"
    return ["", "Fire a test alert:", curl, "", "Ctrl-C stops everything.", ""]
