"""Ten thousand alerts of one fire: all are kept, and each person is called once."""

import json
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from tests.fault.checker import moment
from tests.fault.promises import NEXT_STEP, quiet
from tests.running import Product

pytestmark = [pytest.mark.fault, pytest.mark.enable_socket, pytest.mark.timeout(420)]

SENDERS, ALERTS = 16, 10_000
STORED = """
SELECT count(*), count(link.incident_id), count(DISTINCT link.incident_id)
  FROM monitoring_alert alert LEFT JOIN incidents_linkedalert link ON link.alert_id = alert.id
 WHERE alert.title LIKE 'Node %% does not answer'
"""


def test_a_storm_of_alerts_is_stored_whole_and_pages_each_person_once(
    product: Product, tell: Callable[[object], None]
) -> None:
    began = time.time()
    with ThreadPoolExecutor(SENDERS) as senders:
        answers = sum(senders.map(partial(send, product.door), range(SENDERS)), Counter[int]())
    sent = time.time() - began
    quiet(product, within=120)

    pages = product.sandbox.pages(containing="does not answer")
    slowest = max(map(moment, pages)) - began
    drained = time.time() - began
    tell(f"{ALERTS / sent:.0f} accepted/s, done after {drained:.0f} s, pages after {slowest:.1f} s")
    assert answers == {200: ALERTS}, "a storm is no reason to refuse"
    assert product.sql(STORED) == [(ALERTS, ALERTS, 1)]
    assert len(pages) == len({(page["channel"], page["to"]) for page in pages}) == 17
    assert slowest < NEXT_STEP


def send(door: str, sender: int) -> Counter[int]:
    """Every sender has its share; the titles differ in their numbers only, as in a real storm.

    Plain http.client, for the senders share their cores with the product.
    """
    where = urlsplit(door)
    answers = Counter[int]()
    with closing(HTTPConnection(where.netloc, timeout=60)) as line:
        for number in range(sender, ALERTS, SENDERS):
            title = f"Node {number} does not answer"
            body = {"title": title, "severity": "critical", "service": "network"}
            line.request("POST", where.path, json.dumps(body))
            answer = line.getresponse()
            answer.read()
            answers[answer.status] += 1
    return answers
