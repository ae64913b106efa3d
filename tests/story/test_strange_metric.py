"""A metric nobody drew a bar for: it goes wrong, is noticed by its own past, and somebody is called."""

import random
import re
import time

import httpx2
import pytest

from tests.running import Product, until
from tests.story.telling import link_in, the_incident

pytestmark = [pytest.mark.story, pytest.mark.enable_socket, pytest.mark.timeout(420)]

RULE = {
    "name_ko": "출금 API 지연 이상", "name_en": "Withdrawal API unusually slow", "kind": "anomaly",
    "metric": "withdrawal_api_seconds", "params": {"limit": 0.5, "window": 300}, "severity": "P1",
    "service": "withdrawals", "title_ko": "출금 API 지연이 평소와 다름", "title_en": "Withdrawal API is unusual",
}  # fmt: skip
DRAWN = re.compile(
    r'<svg class="chart[^>]*>(?:(?!</svg>).)*<path class="line" d="M[^"]+L[^"]+"', re.DOTALL
)
JUDGED = """
SELECT count(*) FROM monitoring_metricstate state JOIN monitoring_metric metric
    ON metric.id = state.metric_id WHERE metric.name = 'withdrawal_api_seconds'
"""  # written with what it learned in the first tick


def test_a_latency_that_rises_becomes_an_anomaly_an_alert_and_a_page_with_its_chart(
    product: Product,
) -> None:
    door = product.integration("metrics", name="samples")
    chance, minute = random.Random(4), 60
    begun = time.time() - 400 * minute
    push(door, [(begun + n * minute, 0.2 + chance.gauss(0, 0.01)) for n in range(400)])
    assert until(lambda: product.sql(JUDGED) == [(1,)], within=60), "it was never learned"
    rule = product.api.post("/api/v1/rules/", json=RULE)
    assert rule.status_code == 201, rule.text

    push(door, [(time.time(), 2.4)])

    assert until(lambda: product.api.get("/api/v1/anomalies/").json()["results"], within=60)
    incident = the_incident(product, RULE["title_ko"], within=60)
    assert (incident["severity"], incident["services"]) == ("P1", ["withdrawals"])
    page = product.sandbox.expect("sms", containing=RULE["title_ko"], within=60)
    opened = httpx2.get(link_in(page["text"]))
    assert opened.is_success
    assert "withdrawal_api_seconds" in opened.text
    assert DRAWN.search(opened.text), "no chart with a line in it"


def push(door: str, readings: list[tuple[float, float]]) -> None:
    lines = [f"withdrawal_api_seconds {value} {round(at * 1000)}\n" for at, value in readings]
    httpx2.post(door, content="".join(lines), timeout=30).raise_for_status()
