"""The agent: what it sends is what the portal takes, whatever the portal and the network do."""

import gzip
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.children import BASE
from monitoring.agent import Courier, Look, Rounds
from monitoring.buffering import Buffer
from monitoring.crew import Crew
from monitoring.domain.checks import Measured, Outcome, State
from monitoring.domain.exposition import points, written
from monitoring.domain.samples import Identity, Point
from tests.listener import Listener, listeners
from tests.running import until

NOON = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)
READ = Outcome(State.OK, 0.1, readings=(Measured("host_cpu_used", 12.5, unit="%"),), of_host=True)
TOKEN = "a-token-of-the-agent"


@pytest.fixture
def portal() -> Iterator[Listener]:
    with listeners() as listen:
        yield listen("{}")


@pytest.fixture
def buffer(tmp_path: Path) -> Buffer:
    return Buffer(tmp_path / "agent", most=1_000_000)


def filled(buffer: Buffer, *words: str) -> None:
    for word in words:
        buffer.add(gzip.compress(f"{word} 1\n".encode(), mtime=0), 1)


def heard(portal: Listener) -> str:
    return "".join(gzip.decompress(call.body).decode() for call in portal.calls)


NAMES = st.from_regex("[a-zA-Z_][a-zA-Z0-9_]{0,20}", fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
NUMBERS = st.floats(-1e99, 1e99)
POINTS = st.builds(
    lambda name, labels, value, kind, unit: Point(
        Identity(name, labels, unit=unit, kind=kind), NOON, value
    ),
    NAMES, st.dictionaries(NAMES, TEXTS, max_size=4), NUMBERS,
    st.sampled_from(["", "system", "business"]), st.sampled_from(["", "%", "B/s"]),
)  # fmt: skip


@given(POINTS)
def test_what_the_agent_writes_the_portal_reads(point):
    (read,) = points(written([point]), at=datetime.now(UTC))

    assert read == point
    assert (read.metric.unit, read.metric.kind) == (point.metric.unit, point.metric.kind)


def test_what_the_format_cannot_spell_spoils_nothing_else():
    odd = [Identity("이름"), Identity("a", {"한글": "x"}), Identity("a", {"b:c": "x"})]
    good = Identity("a:b", {"mount": '/데이터"\\\n'})

    read = points(written([Point(one, NOON, 1.0) for one in (*odd, good)]), at=NOON)

    assert [point.metric for point in read] == [good]


def test_a_kind_that_is_none_is_passed_over():
    (read,) = points("# KIND a nonsense\n# UNIT a s\n# UNIT  b\na 1\n", at=NOON)

    assert (read.metric.kind, read.metric.unit) == ("", "s")


def test_a_round_is_one_entry_with_everything_and_what_is_to_know_of_the_agent(buffer):
    rounds = Rounds([Look("host", "host")], buffer, every=60, host="웹-1", service="web")
    (job,) = rounds.claim(9)
    rounds.note([(job, READ)])

    _entries, body = buffer.first(10_000)
    read = {point.metric.name: point for point in points(gzip.decompress(body).decode(), at=NOON)}
    assert read["host_cpu_used"].metric.labels == {"host": "웹-1", "service": "web"}
    assert read["host_cpu_used"].value == 12.5
    assert read["host_cpu_used"].metric.kind == "system"
    assert read["check_up"].metric.labels["check"] == "host"
    assert read["agent_dropped"].value == 0
    assert abs(read["check_up"].at - datetime.now(UTC)).total_seconds() < 5


def test_rounds_keep_their_grid_and_leave_out_what_hangs(buffer):
    rounds = Rounds([Look("a", "host"), Look("b", "host")], buffer, every=0.2, host="h")
    first = rounds._due
    jobs = rounds.claim(9)
    assert [job.name for job in jobs] == ["a", "b"]
    assert rounds.claim(9) == []

    time.sleep(0.5)
    rounds.note([(jobs[1], Outcome(State.HANGING, 1, "…"))])
    assert [job.name for job in rounds.claim(9)] == ["a"]
    assert (rounds._due - first) / 0.2 == pytest.approx(round((rounds._due - first) / 0.2))
    rounds.release([1])
    time.sleep(rounds.wait + 0.01)
    assert [job.name for job in rounds.claim(9)] == ["a", "b"]


def test_the_same_crew_runs_it(buffer):
    settings = {"address": "127.0.0.1", "port": 1, "greeting": ""}
    rounds = Rounds([Look("tcp", "tcp", settings)], buffer, every=60, host="h")
    crew = Crew(rounds, retire=pytest.fail)

    while crew.round():
        pass

    _entries, body = buffer.first(10_000)
    assert 'check_up{check="tcp",host="h"} 0.0' in gzip.decompress(body).decode()


def test_all_that_waits_is_sent_together_in_order(portal, buffer):
    filled(buffer, "a", "b", "c")
    courier = Courier(f"{portal.url}/ingest/metrics/{TOKEN}/", buffer)

    assert courier.deliver()

    assert heard(portal) == "a 1\nb 1\nc 1\n"
    assert len(portal.calls) == 1
    assert portal.calls[0].headers["content-encoding"] == "gzip"
    assert buffer.first(9) == ([], b"")


@pytest.mark.parametrize("status", [301, 401, 404, 429, 500, 503])
def test_what_is_not_taken_now_is_kept(portal, buffer, status):
    filled(buffer, "a")
    portal.say("later", status=status)

    assert not Courier(portal.url, buffer).deliver()
    portal.say("{}")
    assert Courier(portal.url, buffer).deliver()
    assert buffer.bytes == 0


@pytest.mark.parametrize("status", [400, 413, 422])
def test_one_that_is_never_taken_does_not_stop_the_others(portal, buffer, status):
    filled(buffer, "a", "poison", "b")
    courier = Courier(portal.url, buffer)
    taken = []

    def answer(call):
        text = gzip.decompress(call.body).decode()
        if "poison" in text:
            return status
        taken.append(text)
        return 200

    portal.answers = answer
    while buffer.bytes:
        assert courier.deliver()

    assert taken == ["a 1\n", "b 1\n"]
    assert buffer.dropped == 1


def test_a_portal_that_is_away_costs_nothing_but_time(buffer):
    filled(buffer, "a")

    assert not Courier("http://127.0.0.1:1/", buffer).deliver()
    assert buffer.bytes


def test_a_portal_that_takes_and_says_nothing_is_left_in_time(buffer):
    filled(buffer, "a")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"

        assert not Courier(url, buffer).deliver(seconds=0.5)

    assert time.monotonic() - began < 10
    assert buffer.bytes


def test_pauses_grow_and_end(buffer):
    courier = Courier("http://127.0.0.1:1/", buffer)
    pauses = []
    for failures in range(12):
        courier.failures = failures
        pauses.append(courier._pause())

    assert pauses[0] < 2 < pauses[3]
    assert max(pauses) <= 60 * 1.2


def test_a_bug_in_sending_ends_no_agent(buffer, monkeypatch):
    filled(buffer, "a")
    courier, stopped = Courier("http://127.0.0.1:1/", buffer), threading.Event()
    monkeypatch.setattr(courier, "deliver", lambda: 1 / 0)
    monkeypatch.setattr(courier, "_pause", lambda: 0.01)
    thread = threading.Thread(target=courier.run, args=[stopped])
    thread.start()

    assert until(lambda: courier.failures > 2, within=10)
    stopped.set()
    thread.join(10)
    assert not thread.is_alive()


class Agent:
    """The command as a process of its own, with neither a database nor a broker to be found."""

    def __init__(self, home: Path) -> None:
        self.home, self.log = home, home / "agent.log"

    def start(self, url: str, *words: str, token: str = TOKEN) -> subprocess.Popen[bytes]:
        environment = {
            "PATH": os.environ["PATH"], "BONGSU_HOME": str(self.home), "BONGSU_ENV": "test",
            "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
            "BONGSU_AGENT_TOKEN": token,
            "BONGSU_AGENT_URL": url,
        }  # fmt: skip
        usual = ["--every", "1", "--host", "웹-1"]
        with self.log.open("a") as log:
            return subprocess.Popen(
                [sys.executable, "manage.py", "agent", *usual, *words],
                cwd=BASE, env=environment, stdout=log, stderr=log,
            )  # fmt: skip

    def said(self) -> str:
        return self.log.read_text()


@pytest.fixture
def agent(tmp_path: Path) -> Agent:
    return Agent(tmp_path)


@pytest.mark.enable_socket
def test_the_command_measures_sends_and_ends_when_it_is_told(agent, portal):
    file = agent.home / "checks.json"
    file.write_text(
        '[{"name": "나", "collector": "process", "settings": {"command": "manage.py agent"}}]'
    )
    process = agent.start(portal.url, "--checks", str(file))
    try:
        assert until(lambda: len(portal.calls) >= 2, within=60), agent.said()
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()

    assert portal.calls[0].path == f"/ingest/metrics/{TOKEN}/"
    read = points(heard(portal), at=NOON)
    assert {"host_cpu_used", "process_count", "agent_dropped"} <= {one.metric.name for one in read}
    assert {one.metric.labels["host"] for one in read} == {"웹-1"}
    assert TOKEN not in agent.said()


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("url", "words", "token", "why"),
    [
        ("https://portal.example", [], "", "BONGSU_AGENT_TOKEN"),
        ("portal.example", [], TOKEN, "--portal"),
        ("http://portal.example", [], TOKEN, "unencrypted"),
        ("https://portal.example", ["--checks", "/nowhere"], TOKEN, "--checks"),
        ("https://portal.example", ["--every", "0"], TOKEN, "--every"),
    ],
)
def test_what_is_set_up_wrong_is_said_at_once(agent, url, words, token, why):
    process = agent.start(url, *words, token=token)

    assert process.wait(60) == 1
    assert why in agent.said()
    assert "Traceback" not in agent.said()
    assert not token or token not in agent.said()
