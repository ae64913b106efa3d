from collections.abc import Sequence
from itertools import pairwise
from math import inf
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

LEAST = 2  # an hour is rolled up again from its samples as long as these may still come


@register
def samples_are_kept_long_enough(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """Each size for at least as long as the finer one, from which it is made."""
    days = [settings.SAMPLES_DAYS[size] or inf for size in ("raw", "5m", "1h", "1d")]
    if min(days) >= LEAST and all(finer <= coarser for finer, coarser in pairwise(days)):
        return []
    return [
        Error(
            f"BONGSU_SAMPLES_DAYS is {LEAST} or more, and samples, five minutes, hours and days are"
            " each kept at least as long as the one before (0: for ever).",
            id="monitoring.E001",
        )
    ]
