"""Inside the product: `python -m bench.growing FROM TO` makes subscribers, and ten samples for each.

The samples are of fifty metrics, one a minute, and reach the further back the more there are.
"""

from __future__ import annotations

import sys
from typing import Final

from django.db import connection

from bench.measures.crowd import SUBSCRIBE
from bench.sampling import MINUTE, batches, metrics_named
from core import clock
from monitoring import services

METRICS: Final = 50
SAMPLES: Final = 10  # a subscriber


def grow(before: int, after: int) -> None:
    at = clock.now()
    metrics = metrics_named(METRICS, at)
    newest, oldest = (at - size * SAMPLES / METRICS * MINUTE for size in (before, after))
    for rows in batches(metrics, oldest, newest):
        services.write_rows(rows, at=at)
    services.roll_up(at=at)
    with connection.cursor() as cursor:
        cursor.execute(SUBSCRIBE, [before + 1, after])
        cursor.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    grow(*map(int, sys.argv[1:]))
