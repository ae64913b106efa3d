"""What a backup of 1 GB and the proof of it cost, beside pg_restore alone with the same dump in the same kind of server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from bench.table import Row
from config import postgres
from config.children import BASE

ROWS: Final = int(
    os.environ.get("BONGSU_BENCH_BACKUP_ROWS", "4200000")
)  # of 230 bytes with indexes


def measure() -> Iterable[Row]:
    found = _figures()
    if found["flaws"]:
        raise RuntimeError(f"the backup did not come back: {found['flaws']}")
    size = f"{found['bytes'] / 1e9:.1f} GB ({found['rows']:,} rows)"
    stages = ", ".join(f"{name} {seconds:.1f}" for name, seconds in found["stages"].items())
    yield Row(f"backup of {size}, rows counted, verified", f"{found['backup']:.0f} s")
    yield Row(
        f"restore test of {size}",
        f"{found['test']:.0f} s ({stages})",
        f"{found['bare']:.0f} s, pg_restore alone",
        f"{found['test'] / found['bare']:.2f} ×",
        aim="≤ 2 × pg_restore",
    )


def _figures() -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="bongsu-bench-") as folder:
        home = Path(folder)
        with postgres.running(home):
            done = subprocess.run(  # noqa: S603 - our own script
                [sys.executable, "-m", "bench.restoring", str(ROWS)],
                cwd=BASE, env=os.environ | {"BONGSU_HOME": str(home)}, capture_output=True, text=True, check=False,
            )  # fmt: skip
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-2000:])
    figures: dict[str, Any] = json.loads(done.stdout.strip().rpartition("\n")[2])
    return figures
