"""Debian's Alertmanager, which speaks to Opsgenie, with nothing changed but the host."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from core import clock
from monitoring.models import Alert, Silence
from monitoring.services import add_integration
from tests.programs import program
from tests.running import free_ports, until
from tests.story.monitors import is_ready

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.enable_socket]

CONFIGURATION = """
route: {{receiver: us, group_wait: 0s, group_interval: 1s}}
receivers:
  - name: us
    opsgenie_configs: [{{api_url: "{url}/", api_key: "{key}", priority: P1}}]
"""


@pytest.fixture
def alertmanager(live_server: object, tmp_path: Path) -> Iterator[str]:
    """Its address; it notifies the integration `opsgenie`."""
    command = program("prometheus-alertmanager", package="prometheus-alertmanager")
    _, key = add_integration("opsgenie", name="opsgenie")
    (tmp_path / "am.yml").write_text(CONFIGURATION.format(url=live_server, key=key))
    port, _ = free_ports()
    options = ["--config.file=am.yml", "--cluster.listen-address=", "--storage.path=data"]
    with (tmp_path / "log").open("w") as log:
        running = subprocess.Popen(
            [command, *options, f"--web.listen-address=127.0.0.1:{port}"],
            cwd=tmp_path, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        assert until(lambda: is_ready(port), within=30), (tmp_path / "log").read_text()
        yield f"http://127.0.0.1:{port}/api/v2/alerts"
    finally:
        running.kill()
        running.wait()


def test_its_opsgenie_notifier_opens_and_closes_an_alert(alertmanager: str) -> None:
    labels = {"alertname": "출금 지연", "service": "withdrawals", "severity": "warning"}

    httpx2.post(alertmanager, json=[{"labels": labels}]).raise_for_status()
    assert until(lambda: Alert.objects.open().exists(), within=20)

    ended = [{"labels": labels, "endsAt": "2026-01-01T00:00:00Z"}]
    httpx2.post(alertmanager, json=ended).raise_for_status()
    assert until(lambda: not Alert.objects.open().exists(), within=20)
    alert = Alert.objects.get()
    assert (alert.severity, alert.group) == ("P2", "출금 지연")


def test_amtool_lists_silences_and_ends(live_server: object) -> None:
    amtool = program("amtool", package="prometheus-alertmanager")
    _, token = add_integration("prometheus", name="prometheus")
    url = f"{live_server}/ingest/prometheus/{token}"

    def run(*words: str) -> str:
        said = [amtool, f"--alertmanager.url={url}", *words]
        done = subprocess.run(said, capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    labels = {"alertname": "Stuck", "host": "db-1"}
    httpx2.post(f"{url}/api/v2/alerts", json=[{"labels": labels}]).raise_for_status()
    assert "Stuck" in run("alert", "query")

    silence = run("silence", "add", "host=~db-.*", "--comment=교체", "--author=kim", "-d", "1h")
    assert silence in run("silence", "query")
    assert "Stuck" not in run("alert", "query", "--active")
    assert "Stuck" in run("alert", "query", "--silenced")

    longer = run("silence", "update", silence, "-d", "2h").splitlines()[-1]
    assert Silence.objects.active(clock.now()).count() == 1
    run("silence", "expire", *run("silence", "query", "-q").split())
    assert run("silence", "query", "-q") == "", longer
    assert "Stuck" in run("alert", "query", "--active")
