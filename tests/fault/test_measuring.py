"""Those who measure are killed, and so is whom they tell: nothing that was measured is lost."""

import gzip
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.children import BASE
from tests.running import Product, until

pytestmark = [pytest.mark.fault, pytest.mark.enable_socket, pytest.mark.timeout(420)]

ROUND = re.compile(r"^check_up\{.*\} \S+ (\d+)$", re.MULTILINE)
STORED = """
SELECT (extract(epoch FROM at) * 1000)::bigint FROM monitoring_sample
JOIN monitoring_metric AS metric ON metric.id = metric_id
WHERE metric.name = 'check_up' AND metric.labels ->> 'host' = %s ORDER BY at
"""
OPEN = "SELECT count(*) FROM monitoring_alert WHERE resolved_at IS NULL AND key LIKE 'check%%'"
HANG = """
INSERT INTO monitoring_check (name, collector, settings, host, kind, severity, interval, timeout,
    enabled, due_at, last_error, state, readings, since, silent)
SELECT 'hangs ' || n, collector, settings || jsonb_build_object('ca_file', %s::text), '', 'system',
    'P3', '60 s', '1 s', true, now(), '', 'new', '[]', now(), false
FROM monitoring_check, generate_series(1, 40) AS n WHERE collector = 'http'
"""
RUNS = "SELECT state, last_run_at FROM monitoring_check WHERE enabled ORDER BY id"


@pytest.fixture
def agent(product: Product, tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    token = product.integration("metrics", name="agent").rstrip("/").rpartition("/")[2]
    started: list[subprocess.Popen[bytes]] = []
    environment = {
        "PATH": os.environ["PATH"], "BONGSU_HOME": str(tmp_path), "BONGSU_ENV": "test",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "BONGSU_AGENT_TOKEN": token, "BONGSU_AGENT_URL": product.url,
    }  # fmt: skip

    def start() -> subprocess.Popen[bytes]:
        with (tmp_path / "agent.log").open("a") as log:
            command = [sys.executable, "manage.py", "agent", "--every", "1", "--host", "웹-1"]
            started.append(
                subprocess.Popen(command, cwd=BASE, env=environment, stdout=log, stderr=log)
            )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def waiting(home: Path) -> set[int]:
    """The moments of the rounds that lie in the agent's buffer."""
    files = (home / "agent").glob("*.gz")
    return {int(at) for file in files for at in ROUND.findall(gzip.open(file, "rt").read())}


def stored(product: Product) -> list[int]:
    return [row[0] for row in product.sql(STORED, "웹-1")]


def test_what_an_agent_measured_while_the_portal_was_dead_arrives_although_it_was_killed_too(
    product: Product,
    agent: Callable[[], subprocess.Popen[bytes]],
    tmp_path: Path,
    tell: Callable[[object], None],
) -> None:
    first = agent()
    assert until(lambda: len(stored(product)) >= 3, within=60), (tmp_path / "agent.log").read_text()

    product.kill_everything()
    assert until(lambda: len(waiting(tmp_path)) >= 4, within=60)
    first.kill()
    first.wait()
    left = waiting(tmp_path)
    second = agent()
    assert until(lambda: len(waiting(tmp_path)) >= len(left) + 3, within=60)
    left |= waiting(tmp_path)
    product.start()

    assert until(lambda: left <= set(stored(product)), within=120)
    second.send_signal(signal.SIGTERM)
    assert second.wait(30) == 0
    rounds = stored(product)
    assert len(rounds) == len(set(rounds))
    tell(f"{len(left)} rounds waited and arrived, {len(rounds)} in all")


def test_checks_go_on_after_the_process_that_runs_them_is_killed(product: Product) -> None:
    def all_well() -> bool:
        return all(state == "ok" for state, _at in product.sql(RUNS))

    assert until(all_well, within=90), product.sql(RUNS)
    product.sql(
        "UPDATE monitoring_check SET interval = '5 s', timeout = '4 s', due_at = now(), since = now()"
    )
    product.kill("worker-sight")
    before = max(at for _state, at in product.sql(RUNS))

    assert until(lambda: all(at > before for _state, at in product.sql(RUNS)), within=60)
    assert until(all_well, within=30), product.sql(RUNS)
    assert until(lambda: product.sql(OPEN) == [(0,)], within=30), product.sql(OPEN)


def test_a_worker_in_which_too_many_hang_makes_way_and_the_others_are_read(
    product: Product, tmp_path: Path
) -> None:
    """A file of an authority that is a pipe is waited at for ever, whatever the timeout."""
    os.mkfifo(tmp_path / "pipe")
    old = product.pids()["worker-sight"]
    product.sql("UPDATE monitoring_check SET interval = '5 s', timeout = '4 s', due_at = now()")
    product.sql(HANG, str(tmp_path / "pipe"))

    assert until(lambda: product.pids().get("worker-sight", old) != old, within=90)
    product.sql("UPDATE monitoring_check SET enabled = false WHERE name LIKE 'hangs %%'")
    (before,) = product.sql("SELECT now()")[0]
    assert until(lambda: all(at > before for _state, at in product.sql(RUNS)), within=60)
    (hang,) = product.sql("SELECT count(*) FROM monitoring_check WHERE state = 'hanging'")[0]
    assert hang >= 32
