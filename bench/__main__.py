"""`python -m bench [measure …]`: start the product, measure, stop it, print the table."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator, Sequence
from types import FrameType

from bench import machine
from bench.cpu import Meter
from bench.measures import ALL, Measure
from bench.product import Product, running
from bench.table import Section, drawn

LONGEST = 900  # seconds after which everything is stopped, whatever it was waiting for


class TooLong(Exception):
    pass


def main() -> None:
    chosen = _chosen()
    signal.signal(signal.SIGALRM, _give_up)
    signal.signal(signal.SIGTERM, _give_up)
    signal.alarm(LONGEST)
    with Meter() as meter:
        sections = list(_sections(chosen))
    _say(f"\n{machine.described()}\n")
    _say(f"{meter.seconds:.0f} s; other processes kept {meter.foreign:.2f} cores busy meanwhile.\n")
    sys.stdout.write(f"\n{drawn(sections)}\n")


def _chosen() -> Sequence[Measure]:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    names = [measure.name for measure in ALL]
    parser.add_argument("measures", nargs="*", metavar="measure", help=", ".join(names))
    asked = parser.parse_args().measures
    if unknown := set(asked) - set(names):
        parser.error(f"there is no measure {', '.join(unknown)}: choose from {', '.join(names)}")
    return [measure for measure in ALL if measure.name in (asked or names)]


def _sections(chosen: Sequence[Measure]) -> Iterator[Section]:
    """One product for all measures but those that want theirs untouched."""
    for fresh in (False, True):
        measures = [measure for measure in chosen if measure.fresh == fresh]
        if measures:
            with running() as product:
                for measure in measures:
                    yield _section(measure, product)


def _section(measure: Measure, product: Product) -> Section:
    sys.stderr.write(f"· {measure.name}\n")
    with Meter() as meter:
        rows = list(measure.run(product))
    return Section(f"{measure.name} (others used {meter.foreign:.2f} cores)", rows)


def _say(line: str) -> None:
    sys.stdout.write(line)


def _give_up(_number: int, _frame: FrameType | None) -> None:
    signal.alarm(0)
    raise TooLong(f"stopped: not done within {LONGEST} seconds, or asked to end")


if __name__ == "__main__":
    main()
