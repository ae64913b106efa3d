"""The sandbox's servers: real SSH, and commands that tell and change how they are."""

import socket
import subprocess
import sys
import urllib.request

import httpx2
import pytest

from integrations.ssh import run
from tests.sandbox.servers import servers

pytestmark = pytest.mark.timeout(60)


@pytest.fixture(scope="module")
def there(tmp_path_factory):
    with servers(tmp_path_factory.mktemp("home")) as found:
        yield found


@pytest.fixture
def host(there, settings):
    settings.SSH_KEY_FILE = there.key
    there.change("app1", heal=True)
    return there.target("app1")


def said(host, *argv):
    [one] = run([host], argv, seconds=20)
    return one.code, one.out.strip()


def test_a_sandbox_nobody_speaks_ssh_to_does_not_load_its_library():
    subprocess.run(
        [sys.executable, "-c", "import sys, sandbox.app; sys.exit('asyncssh' in sys.modules)"],
        check=True,
    )


def test_who_is_no_ssh_client_holds_up_nobody(host):
    with socket.create_connection((host.address, host.port), timeout=5) as stranger:
        stranger.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert said(host, "systemctl", "is-active", "nginx") == (0, "active")


def test_a_server_says_how_its_units_are(host, there):
    assert said(host, "systemctl", "is-active", "nginx") == (0, "active")
    there.change("app1", nginx="failed", disk=100)
    assert said(host, "systemctl", "is-active", "nginx") == (3, "failed")
    assert "100%" in said(host, "df", "-P")[1]


def test_a_unit_starts_again_unless_it_is_broken(host, there):
    there.change("app1", nginx="failed")
    assert said(host, "systemctl", "restart", "nginx")[0] == 0
    there.change("app1", nginx="broken")
    assert said(host, "systemctl", "restart", "nginx")[0] == 1


def test_its_application_answers_for_as_long_as_it_runs(host, there):
    address = f"http://127.0.1.1:{there.port}/health"
    assert urllib.request.urlopen(address, timeout=5).status == 200
    said(host, "systemctl", "stop", "dantaro-app")
    with pytest.raises(OSError):
        urllib.request.urlopen(address, timeout=5)


@pytest.mark.parametrize(("language", "word"), [("ko", "재시작 안 됨"), ("en", "does not start")])
def test_a_page_shows_each_server_and_breaks_and_heals_it(there, language, word):
    def press(**button):
        httpx2.post(
            f"{there.url}/servers/app3", data=button, follow_redirects=True
        ).raise_for_status()

    assert word in httpx2.get(f"{there.url}/servers", params={"lang": language}).text
    press(nginx="broken")
    press(dns="wrong")
    assert there.state("app3")["units"]["nginx"] == "broken"
    assert there.state("app3")["dns"] == "wrong"
    press(heal="1")
    assert there.state("app3")["units"]["nginx"] == "active"
    assert there.state("app3")["dns"] == "ok"


def test_what_a_server_does_not_have_is_refused(there):
    with pytest.raises(httpx2.HTTPStatusError):
        there.change("app1", redis="failed")
