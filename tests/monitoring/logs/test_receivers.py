"""Syslog over real sockets, lines over HTTP, and a journal that speaks as journalctl does."""

import gzip
import json
import socket
import sys
import time

import pytest
from django.test import Client

from integrations.syslog import SyslogServer
from monitoring import services
from monitoring.domain.logs.patterns import WORDS, Pattern, Patterns
from monitoring.domain.logs.reading import Reading
from monitoring.domain.logs.syslog import Frames
from monitoring.logwatch.receivers import FromJournal, Syslog
from monitoring.models import LogBatch, LogKind, LogSource

FAILED = Patterns([Pattern(1, WORDS, "failed")])


@pytest.fixture
def server():
    server = SyslogServer("127.0.0.1", 0, Frames)
    yield server
    server.close()


def heard(server, count):
    found, deadline = [], time.monotonic() + 10
    while len(found) < count and time.monotonic() < deadline:
        found += server.receive()[0]
        time.sleep(0.01)
    return found


def test_messages_by_udp_and_by_tcp_with_and_without_lengths(server):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.sendto(b"<13>by udp", ("127.0.0.1", server.port))
        assert heard(server, 1) == [b"<13>by udp"]
    with socket.create_connection(("127.0.0.1", server.port)) as tcp:
        tcp.sendall(b"<13>on a line\n10 <13>count")
        assert heard(server, 1) == [b"<13>on a line"]
        tcp.sendall(b"ed")
        assert heard(server, 1) == [b"<13>counte"]
        tcp.sendall(b"<13>without an end")
        tcp.shutdown(socket.SHUT_WR)
        assert heard(server, 2)[-1].endswith(b"without an end")


def test_a_sender_that_hangs_up_or_says_nothing_holds_nobody_up(server):
    silent = socket.create_connection(("127.0.0.1", server.port))
    gone = socket.create_connection(("127.0.0.1", server.port))
    server.receive()
    gone.close()
    with socket.create_connection(("127.0.0.1", server.port)) as tcp:
        tcp.sendall(b"<13>heard\n")
        assert heard(server, 1) == [b"<13>heard"]
    silent.close()


def test_an_address_that_is_taken_is_said_and_tried_again(server):
    feed = Syslog(Reading(FAILED), f"127.0.0.1:{server.port}", at=0)
    feed.step(0)
    assert feed.trouble.word == "no_address"

    server.close()
    feed.step(10)

    assert feed.trouble is None
    feed.close()


def test_the_level_is_the_senders(server):
    port = server.port
    server.close()
    reading = Reading(FAILED)
    feed = Syslog(reading, f"127.0.0.1:{port}", at=0)
    feed.step(0)
    with socket.create_connection(("127.0.0.1", port)) as tcp:
        tcp.sendall(b"<11>1 - web wallet 1 - - failed\n<14>ERROR it says\n")
        deadline = time.monotonic() + 10
        while reading.lines < 2 and time.monotonic() < deadline:
            feed.step(time.monotonic())
    feed.close()

    assert (reading.lines, reading.errors) == (2, 1)
    assert reading.episodes[1].line == "web wallet[1]: failed"


JOURNALCTL = """#!{python}
import json, sys, time
if "--after-cursor" in sys.argv and sys.argv[sys.argv.index("--after-cursor") + 1] == "gone":
    sys.exit("Failed to seek to cursor: Invalid argument")
cursor = sys.argv[sys.argv.index("--after-cursor") + 1] if "--after-cursor" in sys.argv else "c0"
for n in range(int(cursor[1:]) + 1, int(cursor[1:]) + 3):
    said = {{"MESSAGE": f"failed {{n}}", "PRIORITY": "3", "SYSLOG_IDENTIFIER": "wallet", "_PID": "7", "__CURSOR": f"c{{n}}"}}
    print(json.dumps(said), flush=True)
print(json.dumps({{"MESSAGE": [102, 255, 111], "__CURSOR": f"c{{n}}"}}), flush=True)
print("no json", flush=True)
{end}
"""


@pytest.fixture
def journalctl(tmp_path):
    def write(end="time.sleep(60)"):
        program = tmp_path / "journalctl"
        program.write_text(JOURNALCTL.format(python=sys.executable, end=end))
        program.chmod(0o755)
        return str(program)

    return write


def follow(feed, *, lines=None, trouble=None):
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        feed.step(time.monotonic())
        if (lines and feed.reading.lines >= lines) or (trouble and feed.trouble):
            return
        time.sleep(0.02)
    pytest.fail(f"{feed.reading.lines} lines, {feed.trouble}")


def test_the_journal_is_followed_from_where_it_was_left(journalctl):
    feed = FromJournal(Reading(FAILED), "", at=0, program=journalctl())
    follow(feed, lines=3)
    assert (feed.cursor, feed.reading.errors) == ("c2", 2)
    assert feed.reading.episodes[1].line == "wallet[7]: failed 1"
    feed.close()

    later = FromJournal(Reading(FAILED), "", at=0, cursor="c2", program=journalctl())
    follow(later, lines=3)
    assert later.cursor == "c4"
    later.close()


def test_a_journalctl_that_ends_is_started_again_and_said(journalctl):
    feed = FromJournal(
        Reading(FAILED), "", at=0, program=journalctl(end="sys.exit('disk on fire')")
    )
    follow(feed, trouble=True)
    assert (feed.trouble.word, feed.trouble.about) == ("journal_ended", "disk on fire")

    feed.step(time.monotonic() + 10)
    assert feed.journal is not None
    feed.close()


def test_a_place_in_the_journal_that_is_gone_is_given_up(journalctl):
    feed = FromJournal(Reading(FAILED), "", at=0, cursor="gone", program=journalctl())
    follow(feed, trouble=True)
    feed.step(time.monotonic() + 10)
    follow(feed, lines=3)
    feed.close()


def test_a_machine_without_a_journal_says_so():
    feed = FromJournal(Reading(FAILED), "", at=0, program="/nowhere/journalctl")
    feed.step(0)

    assert feed.trouble.word == "no_journal"


@pytest.fixture
def door(db):
    source = LogSource(name="app", kind=LogKind.HTTP)
    token = services.keep_log_source(source)
    return source, f"/ingest/logs/{token}/"


def test_lines_by_http_are_masked_at_the_door_and_read_once(door, watch, pattern):
    source, path = door
    answer = Client().post(path, b"failed password=hunter2\n\nok\n", content_type="text/plain")
    assert (answer.status_code, answer.json()) == (200, {"lines": 2})
    assert "hunter2" not in LogBatch.objects.get().lines

    watch()
    watch()

    source.refresh_from_db()
    assert (source.lines, source.findings.get().count) == (2, 1)
    assert not LogBatch.objects.exists()


@pytest.mark.parametrize(
    ("body", "headers", "lines"),
    [
        (gzip.compress(b"a\nb\n", mtime=0), {"content-encoding": "gzip"}, ["a", "b"]),
        (
            b'{"level":"error","msg":"x"}\n{"msg":"y"}',
            {},
            ['{"level":"error","msg":"x"}', '{"msg":"y"}'],
        ),
        (
            json.dumps(
                [{"log": "a", "date": 1.0}, {"msg": "b", "level": "error", "x": 1}]
            ).encode(),
            {"content-type": "application/json"},
            ["a", '{"msg": "b", "level": "error", "x": 1}'],
        ),
        (b"[not json", {"content-type": "application/json"}, ["[not json"]),
    ],
)
def test_what_shippers_send(door, body, headers, lines):
    _, path = door
    kind = headers.pop("content-type", "text/plain")
    answer = Client(headers=headers).post(path, body, content_type=kind)

    assert answer.status_code == 200
    assert LogBatch.objects.get().lines.split("\n") == lines


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"x" * (512 * 1024 + 1), {}, 413),
        (b"no gzip", {"content-encoding": "gzip"}, 400),
        (b"x", {"content-encoding": "br"}, 415),
    ],
)
def test_what_is_refused(door, body, headers, status):
    _, path = door

    assert Client(headers=headers).post(path, body, content_type="text/plain").status_code == status
    assert Client().post("/ingest/logs/nobody/", b"x", content_type="text/plain").status_code == 401
    assert Client().get(path).status_code == 405


def test_a_sender_waits_when_nobody_reads(door, monkeypatch):
    _, path = door
    monkeypatch.setattr("monitoring.services.log_keeping.WAITING", 3)
    assert Client().post(path, b"1234", content_type="text/plain").status_code == 200

    answer = Client().post(path, b"5678", content_type="text/plain")

    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
