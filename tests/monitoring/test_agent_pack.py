"""The agent as one file: on a host with Python and psutil and nothing else of ours."""

import gzip
import os
import signal
import socket
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest
from django.test import Client

from monitoring.agent_pack import packed
from monitoring.domain.exposition import points
from monitoring.domain.samples import Identity
from tests.listener import listeners
from tests.running import until

NOON = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)
TOKEN = "a-token-of-the-agent"
CHECKS = """[
    {"name": "name", "collector": "dns", "settings": {"name": "localhost"}},
    {"name": "page", "collector": "http", "settings": {"url": "http://127.0.0.1:1/"}},
    {"name": "files", "collector": "security", "settings": {"portal": false, "watched": "/etc/passwd"}}
]"""


class Host:
    """A folder with the file, Python's own library and psutil; nothing of this project is found."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log = folder, folder / "log"
        (folder / "bongsu-agent.pyz").write_bytes(packed())
        (folder / "token").write_text(f"{TOKEN}\n")
        (folder / "checks.json").write_text(CHECKS)
        (folder / "library").mkdir()
        (folder / "library" / "psutil").symlink_to(Path(psutil.__file__).parent)

    def start(self, *words: str, every: str = "1", library: bool = True) -> subprocess.Popen[bytes]:
        usual = ["--token-file", "token", "--host", "web-1", "--every", every]
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder)}
        if library:
            environment["PYTHONPATH"] = str(self.folder / "library")
        with self.log.open("a") as log:
            return subprocess.Popen(
                # -S: without the packages that are installed beside this Python
                [sys.executable, "-S", "bongsu-agent.pyz", *usual, *words],
                cwd=self.folder, env=environment, stdout=log, stderr=log,
            )  # fmt: skip

    @property
    def kept(self) -> list[Path]:
        return [*self.folder.glob(".local/state/bongsu-agent/*.gz")]

    def said(self) -> str:
        return self.log.read_text()


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)


def told(bodies: Iterable[bytes]) -> Counter[tuple[Identity, datetime]]:
    """How often each reading was told."""
    text = "".join(gzip.decompress(body).decode() for body in bodies)
    return Counter((one.metric, one.at) for one in points(text, at=NOON))


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port


@pytest.mark.enable_socket
def test_what_it_measured_while_the_portal_was_away_arrives_once(host):
    port = free_port()
    portal = f"http://127.0.0.1:{port}"
    process = host.start("--portal", portal, "--checks", "checks.json")
    try:
        assert until(lambda: len(host.kept) >= 3, within=60), host.said()
        process.kill()  # and what it kept is sent by the next one
        process.wait()
        kept = told(file.read_bytes() for file in host.kept)
        process = host.start("--portal", portal, "--checks", "checks.json")
        assert until(lambda: len(host.kept) > 5, within=60), host.said()
        with listeners() as listen:
            door = listen("{}", port=port)
            assert until(lambda: door.calls and not host.kept, within=90), host.said()
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()

    found = told(call.body for call in door.calls)
    assert set(kept) <= set(found)
    # What it says of itself it says whenever it writes, and the portal keeps the first.
    assert {times for (one, _at), times in found.items() if "agent_" not in one.name} == {1}
    assert {one.labels.get("check") for one, _at in found} >= {"host", "name", "page", "files"}
    names = {one.name for one, _at in found}
    assert {"host_cpu_used", "dns_seconds", "file_fingerprint", "agent_waiting_bytes"} <= names
    assert TOKEN not in host.said()
    assert "Traceback" not in host.said()


@pytest.mark.enable_socket
def test_every_collector_in_plain_python_is_in_it_and_others_say_what_they_lack(host):
    (host.folder / "checks.json").write_text('[{"name": "db", "collector": "postgresql"}]')

    process = host.start("--portal", "https://portal.example", "--checks", "checks.json")

    assert process.wait(60) == 1
    assert "postgresql needs Python's psycopg2" in host.said()
    assert "Traceback" not in host.said()


@pytest.mark.enable_socket
def test_without_psutil_it_says_what_to_install(host):
    process = host.start("--portal", "https://portal.example", library=False)

    assert process.wait(60) == 1
    assert "apt install python3-psutil" in host.said()


def test_the_same_content_is_the_same_file_and_others_licences_come_along(tmp_path):
    file = tmp_path / "agent.pyz"
    file.write_bytes(packed())
    packed.cache_clear()

    assert packed() == file.read_bytes()
    assert len(packed()) < 2_000_000
    names = zipfile.ZipFile(file).namelist()
    assert len(names) == len(set(names))
    for library in ("django", "asgiref", "sqlparse", "httpcore2", "h11", "truststore"):
        assert any(name.startswith(f"{library}-") and "LICENSE" in name for name in names), library


@pytest.mark.django_db
def test_a_host_fetches_it_without_a_session_and_once():
    client = Client()

    answer = client.get("/monitoring/agent/bongsu-agent.pyz")

    assert answer.status_code == 200
    assert answer.content == packed()
    again = client.get(
        "/monitoring/agent/bongsu-agent.pyz", headers={"If-None-Match": answer["ETag"]}
    )
    assert again.status_code == 304


@pytest.mark.django_db
def test_the_page_says_the_commands_with_this_portals_address(commander, settings):
    client = Client()
    settings.BASE_URL = "https://bongsu.example"
    client.force_login(commander)

    assert "/monitoring/agent/" in client.get("/monitoring/hosts/").text
    said = client.get("/monitoring/agent/").text

    assert "https://bongsu.example/monitoring/agent/bongsu-agent.pyz" in said
    assert "--portal https://bongsu.example --token-file /etc/bongsu-agent.token" in said
