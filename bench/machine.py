"""What a table of speeds is worth nothing without: where they were measured."""

from __future__ import annotations

import platform
import sys
import time
from pathlib import Path

import django
import psutil

ADDITIONS = 10_000_000


def described() -> str:
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{psutil.cpu_count()} cores ({_model()}), {memory:.0f} GB, {platform.system()} "
        f"{platform.release()}, Python {platform.python_version()}, Django {django.get_version()}, "
        f"{ADDITIONS:,} additions in {_arithmetic():.2f} s of processor"
    )


def _arithmetic() -> float:
    """How fast a core is just now: two tables are comparable only as far as these are."""
    began, total = time.process_time(), 0
    for number in range(ADDITIONS):
        total += number
    return time.process_time() - began


def _model() -> str:
    if sys.platform == "linux":
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()
