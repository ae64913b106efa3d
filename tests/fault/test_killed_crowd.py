"""A crowd is told of one update while its worker is killed, twice: each of them hears it, and hears it once."""

import os
from collections import Counter
from collections.abc import Callable

import pytest

from tests.running import Product, until

pytestmark = [pytest.mark.fault, pytest.mark.enable_socket, pytest.mark.timeout(900)]

CROWD = int(os.environ.get("BONGSU_TEST_CROWD", "3000"))
LINES = 4
SUBSCRIBE = """
INSERT INTO statuspage_subscriber
    (key, way, address, contact, shape, failures, language, standing, components, groups, minimum, incidents, maintenance,
     quiet, created_at, confirmed_at, why, soft_bounces, letter, letter_tries)
SELECT gen_random_uuid(), 'email', 'n' || number || '@example.com', '', 'standard', 0, 'ko', 'active', '{}', '{}', 'none',
       true, true, false, now(), now(), '', 0, '', 0
  FROM generate_series(1, %s) AS number
"""
SAY = """
from core import clock
from statuspage.domain.phases import Phase
from statuspage.models import Notice
from statuspage.services import Words, say
notice = Notice.objects.create(title_ko='출금 지연', phase=Phase.INVESTIGATING, started_at=clock.now())
say(notice, Words(Phase.INVESTIGATING, '살펴보고 있어요.'), by=None, at=clock.database_now())
"""
SENT = """
SELECT (SELECT coalesce(sum(sent), 0) FROM statuspage_mailing)
     + (SELECT coalesce(sum(sent), 0) FROM statuspage_batch)
"""
DONE = "SELECT sent, unsure FROM statuspage_mailing WHERE way = 'email' AND done_at IS NOT NULL"


def test_each_hears_it_once_though_the_worker_is_killed_twice(
    product: Product, tell: Callable[[object], None]
) -> None:
    product.sql(SUBSCRIBE, CROWD)
    product.manage("shell", "-c", SAY)
    for told in (CROWD // 5, CROWD * 3 // 5):
        assert until(lambda told=told: product.sql(SENT)[0][0] > told, within=300, every=0.1)
        product.kill("worker-crowd")

    # What the dead one held is taken over when its lease ends, half a minute after its last mail.
    assert until(lambda: product.sql(DONE), within=400)

    letters = [one for one in product.sandbox.journal() if one["channel"] == "email"]
    came = Counter(one["to"] for one in letters)
    repeats = [one for one in letters if one["duplicate"]]
    ((sent, unsure),) = product.sql(DONE)
    tell(f"{CROWD} told, {len(repeats)} by two mails of one Message-ID, {unsure} unsure")
    assert set(came) == {f"n{number}@example.com" for number in range(1, CROWD + 1)}
    assert sent == CROWD
    # Of the mail that each line was just sending nobody knows: it is sent again, as what it is.
    assert sum(came.values()) - CROWD == len(repeats) <= unsure <= 2 * LINES
