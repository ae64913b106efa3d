"""Against Debian's nginx with its module stub_status."""

import base64
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import httpx2
import pytest
from django.utils import translation

from tests.programs import program
from tests.running import free_ports, is_free, until

pytestmark = pytest.mark.enable_socket

CONFIGURATION = """
daemon off;
pid nginx.pid;
error_log error.log;
worker_processes 1;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4;
    scgi_temp_path t5;
    server {{
        listen 127.0.0.1:{port};
        location = /status {{ stub_status; }}
        location = /closed {{ stub_status; auth_basic "closed"; auth_basic_user_file users; }}
        location = /wallet {{ return 200 "ok"; }}
    }}
}}
"""


@pytest.fixture(scope="module")
def nginx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder, port = tmp_path_factory.mktemp("nginx"), free_ports()[0]
    (folder / "nginx.conf").write_text(CONFIGURATION.format(port=port))
    (folder / "users").write_text("bongsu:{PLAIN}open-sesame\n")
    folder.chmod(0o755)
    temporary = Path(tempfile.gettempdir())
    for above in takewhile(lambda one: one != temporary, folder.parents):
        above.chmod(above.stat().st_mode | 0o011)  # its workers are nobody
    command = program("nginx", package="nginx-light")
    server = subprocess.Popen([command, "-p", str(folder), "-c", str(folder / "nginx.conf")])
    try:
        assert until(lambda: not is_free(port), within=20), log(folder)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def log(folder: Path) -> str:
    return (folder / "error.log").read_text()


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def test_connections_and_requests_are_counted(take, nginx):
    before = take("nginx", url=f"{nginx}/status")
    with httpx2.Client() as client:
        for _ in range(5):
            client.get(f"{nginx}/wallet")
        after = take("nginx", url=f"{nginx}/status")

    assert before.fault == after.fault == ""
    assert after.value("nginx_requests_total") - before.value("nginx_requests_total") == 6
    assert after.value("nginx_accepted_total") - before.value("nginx_accepted_total") == 2
    assert after.value("nginx_connections", state="waiting") == 1
    assert after.value("nginx_connections", state="writing") == 1
    assert after.value("nginx_connections_active") == 2
    assert after.value("nginx_dropped_total") == 0


def test_a_page_behind_a_password_is_read_with_it(take, nginx, monkeypatch):
    monkeypatch.setenv("STATUS_PASSWORD", "open-sesame")
    given = {"url": f"{nginx}/closed", "user": "bongsu"}

    assert take("nginx", **given, password="env:STATUS_PASSWORD").fault == ""
    assert take("nginx", **given).fault == "It refuses this user or password."


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("/wallet", "This is not the page of stub_status."),
        ("/elsewhere", "It answered 404, not 200."),
    ],
)
def test_another_page_is_no_status(take, nginx, path, fault):
    found = take("nginx", url=nginx + path)

    assert (found.fault, found.readings) == (fault, [])


def test_a_user_and_a_password_go_as_they_are(take, server, monkeypatch):
    monkeypatch.setenv("STATUS_PASSWORD", "비밀:env:HOME")
    there = server(b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n")

    take(
        "nginx", url=f"http://127.0.0.1:{there.port}/", user="봉수", password="env:STATUS_PASSWORD"
    )

    sent = base64.b64encode("봉수:비밀:env:HOME".encode())
    assert b"Authorization: Basic " + sent in there.heard[0]
