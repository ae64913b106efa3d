"""The sandbox's servers: real SSH, and commands that tell and change how they are."""

import subprocess
import sys
import time
import urllib.request

import pytest

from integrations import ssh_keys
from integrations.ssh import Target, run
from tests.running import free_ports

pytestmark = pytest.mark.timeout(60)


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    ssh_keys.make(home)
    _portal, port = free_ports()
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox"], env={"SANDBOX_PORT": str(port), "BONGSU_HOME": str(home)}
    )
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/hosts.json", timeout=1)
            break
        except OSError:
            time.sleep(0.1)
    yield port, home
    process.terminate()
    process.wait(10)


@pytest.fixture
def host(port, settings):
    number, home = port
    settings.SSH_KEY_FILE = str(home / "ssh" / "id_ed25519")
    _post(number, "app1", b'{"heal": true}')
    return Target("app1", "127.0.1.1", number + 22, "sandbox", ssh_keys.host_key(home))


def _post(port, name, body):
    urllib.request.urlopen(f"http://127.0.0.1:{port}/hosts/{name}", data=body, timeout=5)


def said(host, *argv):
    [one] = run([host], argv, seconds=20)
    return one.code, one.out.strip()


def test_a_server_says_how_its_units_are(host, port):
    assert said(host, "systemctl", "is-active", "nginx") == (0, "active")
    _post(port[0], "app1", b'{"nginx": "failed", "disk": 100}')
    assert said(host, "systemctl", "is-active", "nginx") == (3, "failed")
    assert "100%" in said(host, "df", "-P")[1]


def test_a_unit_starts_again_unless_it_is_broken(host, port):
    _post(port[0], "app1", b'{"nginx": "failed"}')
    assert said(host, "systemctl", "restart", "nginx")[0] == 0
    _post(port[0], "app1", b'{"nginx": "broken"}')
    assert said(host, "systemctl", "restart", "nginx")[0] == 1


def test_its_application_answers_for_as_long_as_it_runs(host, port):
    address = f"http://127.0.1.1:{port[0]}/health"
    assert urllib.request.urlopen(address, timeout=5).status == 200
    said(host, "systemctl", "stop", "dantaro-app")
    with pytest.raises(OSError):
        urllib.request.urlopen(address, timeout=5)
