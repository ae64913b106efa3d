"""A real Prometheus and a real Alertmanager, pointed at us as their documentation says."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2

from tests.programs import program
from tests.running import free_ports, until

RULES = """
groups:
  - name: story
    rules:
      - alert: AlwaysOnFire
        expr: vector(1) > 0
        labels: {severity: critical, service: wallet}
        annotations: {summary: "Prometheus sees the wallet burning"}
"""

PROMETHEUS = """
global: {{evaluation_interval: 1s, scrape_interval: 1s}}
rule_files: [rules.yml]
alerting:
  alertmanagers:
    - static_configs: [{{targets: ["127.0.0.1:{alertmanager}"]}}]
    - path_prefix: {prefix}
      static_configs: [{{targets: ["{host}"]}}]
"""

ALERTMANAGER = """
route: {{receiver: us, group_wait: 0s, group_interval: 1s}}
receivers:
  - name: us
    webhook_configs: [{{url: "{webhook}"}}]
"""


@contextmanager
def monitors(
    folder: Path, *, prometheus: str, alertmanager: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Both running, and Prometheus handed over to be stopped; the addresses are our doors."""
    asks = program("prometheus", package="prometheus")
    routes = program("prometheus-alertmanager", package="prometheus-alertmanager")
    ports = free_ports()
    _, _, host, prefix = prometheus.removesuffix("/api/v2/alerts").split("/", 3)
    wired = {"alertmanager": ports[1], "host": host, "prefix": f"/{prefix}"}
    (folder / "rules.yml").write_text(RULES)
    (folder / "prometheus.yml").write_text(PROMETHEUS.format(**wired))
    (folder / "alertmanager.yml").write_text(ALERTMANAGER.format(webhook=alertmanager))
    at = [f"--web.listen-address=127.0.0.1:{port}" for port in ports]
    commands = (
        [routes, "--config.file=alertmanager.yml", at[1], "--cluster.listen-address="],
        # An alert lives for four times the resend delay after the last word about it.
        [asks, "--config.file=prometheus.yml", at[0], "--rules.alert.resend-delay=1s"],
    )
    running: list[subprocess.Popen[bytes]] = []
    try:
        running.extend(_started(command, folder) for command in commands)
        assert until(lambda: all(map(is_ready, ports)), within=60), "the monitors do not start"
        yield running[-1]
    finally:
        for process in running:
            process.kill()
            process.wait()


def _started(command: list[str], folder: Path) -> subprocess.Popen[bytes]:
    data = f"--storage{'.tsdb' if command[0].endswith('prometheus') else ''}.path={folder / 'data'}"
    with (folder / "monitors.log").open("a") as log:
        return subprocess.Popen([*command, data], cwd=folder, stdout=log, stderr=log)


def is_ready(port: int) -> bool:
    try:
        return httpx2.get(f"http://127.0.0.1:{port}/-/ready").is_success
    except httpx2.HTTPError:
        return False
