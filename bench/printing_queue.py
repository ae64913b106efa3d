"""A hundred postmortems one after the other, as a worker prints them. Answers with a Queue as JSON."""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from dataclasses import asdict, dataclass, replace

import psutil

HUNDRED = 100


@dataclass(frozen=True)
class Queue:
    seconds: float
    worker_before: int  # bytes of the worker's memory
    worker_after: int
    maker_first: int  # of the PDF maker's, after the tenth
    maker_most: int
    makers: int  # how many there were: one goes when it holds too much


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django  # noqa: PLC0415 - as in bench.printing

    django.setup()
    json.dump(asdict(printed()), sys.stdout)


def printed() -> Queue:
    from bench.sample import EIGHT_PAGES  # noqa: PLC0415
    from postmortems.pdf import render  # noqa: PLC0415

    render(EIGHT_PAGES)
    before, began, seen = _held(os.getpid()), time.perf_counter(), []
    for number in range(HUNDRED):
        render(replace(EIGHT_PAGES, number=number, title=f"{EIGHT_PAGES.title} {number}"))
        seen += [(child.pid, child.memory_info().rss) for child in psutil.Process().children()]
    took = time.perf_counter() - began
    gc.collect()
    held = [memory for _pid, memory in seen]
    makers = len({pid for pid, _memory in seen})
    return Queue(took, before, _held(os.getpid()), held[9], max(held), makers)


def _held(pid: int) -> int:
    return int(psutil.Process(pid).memory_info().rss)


if __name__ == "__main__":
    main()
