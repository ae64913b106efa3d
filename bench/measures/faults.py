"""Faults put into series by the injector beside the project: what of them is found, the threshold frozen.

`BONGSU_BENCH_SEED` says which faults; the same seed gives the same table.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

from bench import simulated
from bench.scoring import INJECTOR, Scorer, found
from bench.table import Row

SEED: Final = int(os.environ.get("BONGSU_BENCH_SEED", "1"))
FROZEN: Final = 0.31537  # the best on the labelled half, `detection`
FILES: Final = 60
MINUTE: Final = timedelta(minutes=1)


class Set(NamedTuple):
    name: str
    step: timedelta
    points: int  # of a file
    simulated: bool


SETS: Final = [
    Set("the benchmark's AWS series, each 5 minutes", 5 * MINUTE, 4_032, simulated=False),
    Set("simulated, each 5 minutes", 5 * MINUTE, 4_032, simulated=True),
    Set("simulated, each minute", MINUTE, 10_080, simulated=True),
]


def measure() -> Iterable[Row]:
    scorer = Scorer.here()
    if scorer is None:
        yield Row("faults: skipped, there is no ../shared/data/nab", "—")
        return
    for each in SETS:
        with tempfile.TemporaryDirectory(prefix="bongsu-faults-") as folder:
            yield from _rows(each, scorer, Path(folder))


def _rows(each: Set, scorer: Scorer, folder: Path) -> Iterator[Row]:
    truth = _injected(each, scorer, folder)
    faulty = scorer.of(folder)
    scores, _microseconds = faulty.judge("bench.detection:Detector")
    frozen = dict.fromkeys(faulty.rules.PROFILES, FROZEN)
    result = faulty.evaluate(scores, frozen)["standard"]
    yield Row(
        f"{each.name}: standard",
        f"{result['fixed']:.1f}",
        f"{result['optimised']:.1f} with the best threshold for these",
        aim="≥ 45",
    )
    yield Row("· windows found, false episodes", *found(result["alarms"]))
    there, seen = _by_kind(faulty, scores, truth)
    stuck, all_stuck = seen["flat"] + seen["zero"], there["flat"] + there["zero"]
    share = f"{100 * stuck / all_stuck:.0f}%" if all_stuck else "—"
    yield Row("· stuck or zero", f"{stuck} of {all_stuck}", share, aim="≥ 70%")
    others = sorted(there.keys() - {"flat", "zero"})
    yield Row("· " + ", ".join(others), ", ".join(f"{seen[one]} of {there[one]}" for one in others))


def _injected(each: Set, scorer: Scorer, folder: Path) -> dict[str, list[dict[str, Any]]]:
    base = scorer.data / "realAWSCloudwatch"
    if each.simulated:
        base = folder / "base"
        simulated.write(base, step=each.step, points=2 * each.points, seed=SEED)
    subprocess.run(  # noqa: S603 - our own command line
        [
            sys.executable, INJECTOR, "--base", base, "--out", folder, "--seed", str(SEED),
            "--files", str(FILES), "--points", str(each.points),
        ],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    truth: dict[str, list[dict[str, Any]]] = json.loads((folder / "truth.json").read_text())
    return truth


def _by_kind(
    scorer: Scorer, scores: dict[str, Any], truth: dict[str, list[dict[str, Any]]]
) -> tuple[Counter[str], Counter[str]]:
    """How many there are of each kind, and of how many something was said."""
    there, seen = Counter[str](), Counter[str]()
    for name, faults in truth.items():
        windows, scored = scorer.corpus.win[name], scorer.corpus.scored[name]
        said = (scores[name] >= FROZEN) & scored
        for number, fault in enumerate(faults):
            there[fault["kind"]] += 1
            seen[fault["kind"]] += bool((said & (windows == number)).any())
    return there, seen
