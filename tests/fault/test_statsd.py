"""`BONGSU_STATSD_PORT` makes the product hear StatsD's clients, whatever happens to its database."""

import random
import socket

import pytest

from tests import running
from tests.running import until

pytestmark = [pytest.mark.fault, pytest.mark.enable_socket]
STORED = """
    SELECT value FROM monitoring_sample JOIN monitoring_metric AS metric ON metric.id = metric_id
    WHERE metric.name = 'orders.count' AND value > 0
"""


def test_what_was_heard_while_the_database_was_away_is_stored_afterwards(tmp_path_factory):
    port = random.choice([one for one in range(20_000, 20_500) if running.is_free(one)])
    settings = {"BONGSU_STATSD_PORT": str(port)}
    with running.product(tmp_path_factory, "statsd", more=settings) as product:
        assert until(lambda: hears(port), within=30)
        send(port, 1)
        assert until(lambda: product.sql(STORED), within=30)

        product.kill("postgres")
        send(port, 2)

        assert until(product.is_ready, within=60)
        assert until(lambda: sum(value for (value,) in product.sql(STORED)) == 3, within=40)


def hears(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def send(port, count):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.sendto(b"orders:%d|c" % count, ("127.0.0.1", port))
