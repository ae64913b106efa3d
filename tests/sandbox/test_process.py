import json
import signal
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sandbox.conftest import ROOT, Sandbox, free_port, letter, start


def test_it_is_alive(sandbox: Sandbox) -> None:
    answer = sandbox.http.get("/healthz")

    assert (answer.status_code, answer.text) == (200, "ok")


def test_the_journal_holds_each_receipt_even_after_a_kill(
    another_sandbox: Callable[..., Sandbox], tmp_path: Path
) -> None:
    journal = tmp_path / "journal.jsonl"
    sandbox = another_sandbox(SANDBOX_JOURNAL=str(journal))
    sandbox.mail(letter(Message_ID="<1@bongsu.example>"))
    sandbox.http.post("/webhook/a", headers={"webhook-id": "msg_1"})

    sandbox.process.kill()
    sandbox.process.wait()

    mail, hook = [json.loads(line) for line in journal.read_text("utf-8").splitlines()]
    assert (mail["key"], mail["text"]) == ("<1@bongsu.example>", "출금이 멈췄어요.\n")
    assert (hook["channel"], hook["key"]) == ("webhook", "msg_1")


@pytest.mark.parametrize("signal_sent", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_within_a_second_whatever_hangs(
    another_sandbox: Callable[..., Sandbox], signal_sent: signal.Signals
) -> None:
    sandbox = another_sandbox()
    sandbox.break_("webhook", "hang")
    held = [_hold(sandbox, b"POST /webhook/a"), _hold(sandbox, b"GET /inbox/wait?timeout=60")]
    time.sleep(0.2)
    before = time.monotonic()

    sandbox.process.send_signal(signal_sent)

    assert sandbox.process.wait(timeout=5) == 0
    assert time.monotonic() - before < 1
    for each in held:
        each.close()


@pytest.mark.parametrize("name", ["SANDBOX_PORT", "SANDBOX_SMTP_PORT"])
def test_a_taken_port_is_one_sentence_and_exit_code_2(name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        free = {"SANDBOX_PORT": str(free_port()), "SANDBOX_SMTP_PORT": str(free_port())}
        process = start(**(free | {name: port}))
        _, said = process.communicate(timeout=10)

    assert process.returncode == 2
    assert said.count("\n") == 1
    assert f"port {port} cannot be opened" in said
    assert f"set {name} to a free port" in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SANDBOX_PORT", "http"),
        ("SANDBOX_SMTP_PORT", "70000"),
        ("SANDBOX_JOURNAL", "/nowhere/at/all.jsonl"),
        ("SANDBOX_WEBHOOK_SECRET", "whsec_nö"),
    ],
)
def test_a_setting_that_cannot_be_is_named(name: str, value: str) -> None:
    process = start(**({"SANDBOX_PORT": str(free_port())} | {name: value}))
    _, said = process.communicate(timeout=10)

    assert process.returncode == 2
    assert name in said


def test_it_knows_nothing_of_the_product() -> None:
    sources = [path.read_text("utf-8") for path in (ROOT / "sandbox").glob("*.py")]
    imports = {line.split()[1] for text in sources for line in _import_lines(text)}

    roots = {each.partition(".")[0] for each in imports}

    assert not roots & {"django", "config", "core", "integrations", "notifications", "teams"}


def test_many_senders_at_once_lose_nothing(sandbox: Sandbox) -> None:
    def send(sender: int) -> None:
        for number in range(25):
            sandbox.http.post(f"/webhook/{sender}", headers={"webhook-id": f"{sender}-{number}"})

    threads = [threading.Thread(target=send, args=(sender,)) for sender in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert len({seen["key"] for seen in sandbox.inbox()}) == 200


def _hold(sandbox: Sandbox, request: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", sandbox.port))
    connection.sendall(request + b" HTTP/1.1\r\nHost: sandbox\r\nContent-Length: 0\r\n\r\n")
    return connection


def _import_lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith(("import ", "from "))]
