"""`python -m bench [measure …]`: start the product, measure, stop it, print the table.

All measures take about half an hour on a quiet machine of two cores. BONGSU_BENCH_SECONDS (1200) is
the time after which one is given up; the others are measured all the same.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from bench import machine, page
from bench.cpu import Meter
from bench.measures import ALL
from bench.runs import sections
from bench.table import HEADINGS, Section, alone, drawn

LIMIT = int(os.environ.get("BONGSU_BENCH_SECONDS", "1200"))
NAMES = [measure.name for measure in ALL]


def main() -> None:
    wish, found = _wish(), list[Section]()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    chosen = [measure for measure in ALL if measure.name in (wish.measures or NAMES)]
    ended = None
    with Meter() as meter:
        try:
            for section in sections(chosen, LIMIT):
                found.append(section)
        except KeyboardInterrupt:
            ended = "Stopped early: asked to."
    described = f"{machine.described()}. {_took(meter)}"
    sys.stdout.write(f"{described}\n\n{_shown(found)}\n")
    if wish.into:
        page.replace(wish.into, described, found, NAMES)
    failed = ", ".join(section.name for section in found if section.failed)
    sys.exit(ended or (f"Failed: {failed}." if failed else None))


def _wish() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("measures", nargs="*", metavar="measure", help=", ".join(NAMES))
    parser.add_argument(
        "--into", type=Path, metavar="PAGE", help="put what was measured into this page's tables"
    )
    wish = parser.parse_args()
    if unknown := set(wish.measures) - set(NAMES):
        parser.error(f"there is no measure {', '.join(unknown)}: choose from {', '.join(NAMES)}")
    return wish


def _took(meter: Meter) -> str:
    return f"{meter.seconds:.0f} s; other processes kept {meter.foreign:.2f} cores busy meanwhile."


def _shown(found: Sequence[Section]) -> str:
    usual = [section for section in found if section.headings == HEADINGS]
    others = [alone(section) for section in found if section.headings != HEADINGS]
    return "\n\n".join([drawn(usual)] * bool(usual) + others)


if __name__ == "__main__":
    main()
