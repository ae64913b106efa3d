"""Debian's Alertmanager, which speaks to Opsgenie, with nothing changed but the host."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from monitoring.models import Alert
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
