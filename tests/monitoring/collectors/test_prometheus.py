"""Queries to Debian's Prometheus, and to what only looks like one."""

import json
import subprocess
from collections.abc import Iterator

import pytest
from django.utils import translation

from tests.programs import program
from tests.running import free_ports, until
from tests.story.monitors import is_ready

CONFIGURATION = """
global: {{scrape_interval: 1s}}
scrape_configs:
  - job_name: 봉수
    static_configs: [{{targets: ["127.0.0.1:{port}"], labels: {{host: 감시-1}}}}]
  - job_name: nobody
    static_configs: [{{targets: ["127.0.0.1:1"]}}]
"""


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its address; it watches itself, and somebody who is never there."""
    command, home = program("prometheus", package="prometheus"), tmp_path_factory.mktemp("p")
    port, _ = free_ports()
    (home / "p.yml").write_text(CONFIGURATION.format(port=port))
    options = ["--config.file=p.yml", "--storage.tsdb.path=data"]
    with (home / "log").open("w") as log:
        running = subprocess.Popen(
            [command, *options, f"--web.listen-address=127.0.0.1:{port}"],
            cwd=home, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        assert until(lambda: is_ready(port), within=60), (home / "log").read_text()
        yield f"http://127.0.0.1:{port}"
    finally:
        running.kill()
        running.wait()


@pytest.fixture
def scraped(prometheus: str, take) -> str:
    def both_are_known() -> bool:
        return len(take("prometheus", url=prometheus, query="up").readings) == 2

    assert until(both_are_known, within=60)
    return prometheus


def test_each_element_of_a_result_is_a_reading_with_its_labels(scraped: str, take) -> None:
    found = take("prometheus", url=scraped, query="up")

    assert found.fault == ""
    assert found.value("up", job="봉수", host="감시-1") == 1
    assert found.value("up", job="nobody") == 0


def test_what_is_computed_takes_the_name_it_is_given(scraped: str, take) -> None:
    found = take("prometheus", url=scraped + "/", query="sum(up)", metric="hosts_up", unit="hosts")

    (reading,) = found.readings
    assert (reading.name, reading.value, reading.labels, reading.unit) == (
        "hosts_up", 1, {}, "hosts",
    )  # fmt: skip


def test_a_scalar_is_a_number_too(prometheus: str, take) -> None:
    assert take("prometheus", url=prometheus, query="1 + 1", metric="two").value("two") == 2


@pytest.mark.parametrize(
    ("query", "more", "fault"),
    [
        ("sum(up", {}, "parse error"),
        ("up[5m]", {}, "The query gives a matrix, not numbers of one moment."),
        ('"words"', {}, "The query gives a string, not numbers of one moment."),
        ("sum(up)", {}, "The result has no name: give the metric one."),
    ],
)
def test_a_query_that_gives_no_numbers_is_said(scraped: str, take, query, more, fault) -> None:
    assert fault in take("prometheus", url=scraped, query=query, **more).fault


def test_finding_nothing_is_no_data_or_0_as_it_is_wanted(scraped: str, take) -> None:
    query = "up == 7"

    assert take("prometheus", url=scraped, query=query).readings == []
    zero = take("prometheus", url=scraped, query=query, metric="sevens", empty_is_zero=True)
    assert zero.value("sevens") == 0


def test_what_is_no_number_is_left_out(scraped: str, take) -> None:
    query = 'label_replace(vector(0) / 0, "a", "b", "", "") or vector(1)'
    found = take("prometheus", url=scraped, query=query, metric="one")

    assert [one.value for one in found.readings] == [1]
    assert take("prometheus", url=scraped, query="vector(0) / 0", metric="one").readings == []


@pytest.mark.parametrize(
    "body",
    [
        b"{}", b"[]", b"null", b'{"status": "success"}', b"<html>", b"",
        b'{"status": "success", "data": {"resultType": "vector", "result": [7]}}',
        b'{"status": "success", "data": {"resultType": "vector", "result": 7}}',
        b'{"status": "success", "data": {"resultType": "vector", "result": [{"metric": [], "value": [1, "2"]}]}}',
        b'{"status": "success", "data": {"resultType": "scalar", "result": [1]}}',
        b'{"status": "error", "error": {"deep": ["x"]}}',
    ],
    ids=range(11),
)  # fmt: skip
def test_who_only_looks_like_one_is_found_out(server, take, body) -> None:
    there = server(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    found = take("prometheus", url=f"http://127.0.0.1:{there.port}", query="up")

    assert found.readings == []
    assert found.fault


def test_a_result_of_a_thousand_elements_is_read(server, take) -> None:
    rows = [{"metric": {"__name__": "x", "n": str(n)}, "value": [1, str(n)]} for n in range(1000)]
    body = json.dumps(
        {"status": "success", "data": {"resultType": "vector", "result": rows}}
    ).encode()
    there = server(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    found = take("prometheus", url=f"http://127.0.0.1:{there.port}", query="x")

    assert len(found.readings) == 1000
