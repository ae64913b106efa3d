"""What a table of speeds is worth nothing without: where they were measured."""

from __future__ import annotations

import os
import platform
import socket
import sys
import tempfile
import threading
import time
from pathlib import Path

import django
import psutil

ADDITIONS = 10_000_000
WORDS, SYNCS = 5_000, 200


def described() -> str:
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{psutil.cpu_count()} cores ({_model()}), {memory:.0f} GB, {platform.system()} "
        f"{platform.release()}, Python {platform.python_version()}, Django {django.get_version()}, "
        f"{ADDITIONS:,} additions in {_arithmetic():.2f} s of processor, "
        f"a word to a thread and back {_word() * 1e6:.0f} µs, 8 KB on the disk {_sync() * 1e3:.1f} ms"
    )


def _arithmetic() -> float:
    """How fast a core is just now: two tables are comparable only as far as these are."""
    began, total = time.process_time(), 0
    for number in range(ADDITIONS):
        total += number
    return time.process_time() - began


def _word() -> float:
    """How soon somebody who waits is woken: a page goes through a dozen such hands."""
    here, there = socket.socketpair()
    with here, there:
        threading.Thread(target=_answer, args=[there], daemon=True).start()
        began = time.perf_counter()
        for _word in range(WORDS):
            here.send(b"?")
            here.recv(1)
        took = time.perf_counter() - began
        here.shutdown(socket.SHUT_RDWR)
        return took / WORDS


def _answer(there: socket.socket) -> None:
    while there.recv(1):
        there.send(b"!")


def _sync() -> float:
    """What a commit waits for, where the bench keeps its databases."""
    with tempfile.TemporaryFile() as file:
        began = time.perf_counter()
        for _sync in range(SYNCS):
            os.write(file.fileno(), bytes(8192))
            os.fsync(file.fileno())
        return (time.perf_counter() - began) / SYNCS


def _model() -> str:
    if sys.platform == "linux":
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()
