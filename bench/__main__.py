"""`python -m bench [measure …]`: start the product, measure, stop it, print the table."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from types import FrameType

from bench import machine
from bench.cpu import Meter
from bench.measures import ALL, Alone, Measure
from bench.product import DidNotStart, running
from bench.table import Row, Section, drawn
from bench.visitor import Refused

LONGEST = int(
    os.environ.get("BONGSU_BENCH_SECONDS", "600")
)  # seconds after which everything is stopped, whatever it was waiting for


class TooLong(Exception):
    pass


def main() -> None:
    chosen, sections = _chosen(), list[Section]()
    signal.signal(signal.SIGALRM, _give_up)
    signal.signal(signal.SIGTERM, _give_up)
    signal.alarm(LONGEST)
    with Meter() as meter:
        failed = _collect(chosen, sections)
    _show(sections, meter)
    sys.exit(failed)


def _collect(chosen: Sequence[Measure | Alone], sections: list[Section]) -> str | None:
    """Why it ended early, if it did: what was measured until then is shown all the same."""
    try:
        for section in _sections(chosen):
            sections.append(section)  # noqa: PERF402 - extend would lose them all when it ends early
    except (TooLong, DidNotStart, Refused) as reason:
        return str(reason)
    return None


def _show(sections: Sequence[Section], meter: Meter) -> None:
    lines = (
        machine.described(),
        f"{meter.seconds:.0f} s; other processes kept {meter.foreign:.2f} cores busy meanwhile",
        "",
        drawn(sections),
    )
    sys.stdout.write("\n".join(lines) + "\n")


def _chosen() -> Sequence[Measure | Alone]:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    names = [measure.name for measure in ALL]
    parser.add_argument("measures", nargs="*", metavar="measure", help=", ".join(names))
    asked = parser.parse_args().measures
    if unknown := set(asked) - set(names):
        parser.error(f"there is no measure {', '.join(unknown)}: choose from {', '.join(names)}")
    return [measure for measure in ALL if measure.name in (asked or names)]


def _sections(chosen: Sequence[Measure | Alone]) -> Iterator[Section]:
    """One product for all measures but those that want theirs untouched, or none."""
    for measure in chosen:
        if isinstance(measure, Alone):
            yield _section(measure.name, measure.run)
    for fresh in (False, True):
        measures = [one for one in chosen if isinstance(one, Measure) and one.fresh == fresh]
        if measures:
            with running() as product:
                for measure in measures:
                    yield _section(measure.name, partial(measure.run, product))


def _section(name: str, run: Callable[[], Iterable[Row]]) -> Section:
    sys.stderr.write(f"· {name}\n")
    with Meter() as meter:
        rows = list(run())
    return Section(f"{name} (others used {meter.foreign:.2f} cores)", rows)


def _give_up(_number: int, _frame: FrameType | None) -> None:
    signal.alarm(0)
    raise TooLong(f"Stopped early: asked to, or not done within {LONGEST} seconds.")


if __name__ == "__main__":
    main()
