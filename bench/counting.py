"""Queries and processor of pages and of ticks, inside one process of the product.

Called as `python -m bench.counting path …`; answers with a Cost for each path and each tick by its name.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

from bench.numbers import median

TIMES = 5


@dataclass(frozen=True)
class Cost:
    queries: int
    seconds: float  # the median of a few
    processor: float  # of this process; the database's is not in it


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django  # noqa: PLC0415 - the settings are read when the environment is complete

    django.setup()
    json.dump({name: asdict(_cost(do)) for name, do in _things(sys.argv[1:]).items()}, sys.stdout)


def _things(paths: list[str]) -> dict[str, Callable[[], object]]:
    from django.test import Client  # noqa: PLC0415

    from config.celery import app  # noqa: PLC0415
    from teams.models import User  # noqa: PLC0415

    app.loader.import_default_modules()
    client = Client()
    client.force_login(User.objects.get(username="commander"))
    pages = {path: _getting(client, path) for path in paths}
    return pages | {name: app.tasks[name] for name in app.conf.beat_schedule}


def _getting(client: object, path: str) -> Callable[[], object]:
    return lambda: client.get(path)  # type: ignore[attr-defined]


def _cost(do: Callable[[], object]) -> Cost:
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    do()
    with CaptureQueriesContext(connection) as queries:
        do()
        count = len(queries)  # the next request would begin a new count
    clock, processor = zip(*(_timed(do) for _ in range(TIMES)), strict=True)
    return Cost(count, median(clock), median(processor))


def _timed(do: Callable[[], object]) -> tuple[float, float]:
    clock, processor = time.perf_counter(), time.process_time()
    do()
    return time.perf_counter() - clock, time.process_time() - processor


if __name__ == "__main__":
    main()
