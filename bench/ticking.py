"""Inside the product: a tick of rules over what the checks read. `python -m bench.ticking` prints its seconds.

It is taken back, so that the worker's own tick finds all as it was.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import datetime, timedelta
from typing import Final

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import transaction  # noqa: E402 - after Django is ready

from core import clock  # noqa: E402
from monitoring import services  # noqa: E402
from monitoring.domain.rules import STEP  # noqa: E402
from monitoring.models import Rule  # noqa: E402

NAMES: Final = ("bench_value", "check_up", "check_seconds")


def ticked(at: datetime) -> float:
    """The product's own rules stay, and every metric of the checks has one more."""
    with transaction.atomic():
        Rule.objects.bulk_create(
            Rule(
                name_ko=f"bench {name}", name_en=f"bench {name}", metric=name,
                params={"limit": 1e9, "aggregate": "mean", "window": 300},
            )
            for name in NAMES
        )  # fmt: skip
        services.apply_rules(at=at)  # the first looks an hour back
        began = time.perf_counter()
        services.apply_rules(at=at + timedelta(seconds=STEP))
        took = time.perf_counter() - began
        transaction.set_rollback(True)
    return took


if __name__ == "__main__":
    sys.stdout.write(str(ticked(clock.now())))
