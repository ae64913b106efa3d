"""One measure after the other. One that fails or takes too long costs its own rows and no others'."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterable, Iterator, Sequence
from types import FrameType

from bench.cpu import Meter
from bench.measures import Alone, Measure
from bench.product import Product, running
from bench.table import Row, Section

REASON = 160  # characters of it in the table; all of it is said in the terminal


class TooLong(Exception):
    pass


class Lent(contextlib.ExitStack):
    """One product for one measure after the other, until it is given back; then another."""

    _product: Product | None = None

    def product(self) -> Product:
        if self._product is None:
            self._product = self.enter_context(running())
        return self._product

    def give_back(self) -> None:
        self._product = None
        self.close()


def sections(chosen: Sequence[Measure | Alone], limit: int) -> Iterator[Section]:
    """Each as soon as it is there; none takes more than so many seconds."""
    signal.signal(signal.SIGALRM, _too_long)
    with Lent() as lent:
        for measure in chosen:
            yield _section(measure, lent, limit)


def _section(measure: Measure | Alone, lent: Lent, limit: int) -> Section:
    apart = isinstance(measure, Measure) and measure.fresh
    if apart:
        lent.give_back()
    rows, failed = list[Row](), False
    with Meter() as meter:
        try:
            with _at_most(limit):
                for row in _rows(measure, lent):
                    rows.append(row)  # one by one: those before a failure stay
        except Exception as reason:  # whatever it died of, the others are measured
            traceback.print_exc()
            rows.append(Row("· nothing more was measured", _told(reason)))
            failed = True
    if apart or failed:
        lent.give_back()
    note = f"{meter.seconds:.0f} s; others used {meter.foreign:.2f} cores"
    sys.stderr.write(f"· {measure.name}: {'failed after ' if failed else ''}{note}\n")
    return Section(measure.name, rows, note, measure.headings, failed)


def _rows(measure: Measure | Alone, lent: Lent) -> Iterable[Row]:
    return measure.run() if isinstance(measure, Alone) else measure.run(lent.product())


def _told(reason: Exception) -> str:
    if isinstance(reason, subprocess.CalledProcessError):
        return f"{' '.join(map(str, reason.cmd[1:4]))} ended with {reason.returncode}"
    said = " ".join(f"{type(reason).__name__}: {reason}".replace("|", "/").split())
    return said[:REASON]


@contextlib.contextmanager
def _at_most(seconds: int) -> Iterator[None]:
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


def _too_long(_number: int, _frame: FrameType | None) -> None:
    raise TooLong("not done in its time (BONGSU_BENCH_SECONDS)")
