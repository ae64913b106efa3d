"""The benchmark's own bookkeeping: what is measured is kept, whatever the next measure dies of."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import page
from bench.measures import ALL, Alone
from bench.runs import sections
from bench.table import HEADINGS, Row, Section, drawn, read
from config.children import BASE

FIRST = Section("first", [Row("speed", "9/s", "10/s bare", "90%", "≥ 8/s")], "1 s; quiet")
SECOND = Section("second", [Row("· delay", "3 ms"), Row("odd", "—")], "2 s; quiet")
ORDER = ["first", "second", "apart"]


def breaks() -> Iterator[Row]:
    yield Row("kept", "1")
    raise RuntimeError("no | disk")


def hangs() -> Iterator[Row]:
    yield Row("kept", "1")
    time.sleep(60)


@pytest.fixture(autouse=True)
def _alarm() -> Iterator[None]:
    """The runs set it, and so does the clock over each test."""
    before, left = signal.getsignal(signal.SIGALRM), signal.setitimer(signal.ITIMER_REAL, 0)
    yield
    signal.signal(signal.SIGALRM, before)
    signal.setitimer(signal.ITIMER_REAL, *left)


def test_a_table_is_read_as_it_was_drawn() -> None:
    assert read(drawn([FIRST, SECOND])) == [FIRST, SECOND]


@pytest.mark.parametrize(("run", "why"), [(breaks, "RuntimeError: no / disk"), (hangs, "TooLong")])
def test_a_measure_that_fails_costs_its_own_rows_only(run, why) -> None:
    well = Alone("well", lambda: [Row("fast", "2")])

    failed, after = sections([Alone("ill", run), well], limit=1)

    assert failed.failed
    assert failed.rows[0] == Row("kept", "1")
    assert failed.rows[1].ours.startswith(why)
    assert (after.failed, after.rows) == (False, [Row("fast", "2")])


def test_a_page_keeps_what_was_not_measured_again(tmp_path: Path) -> None:
    here = tmp_path / "page.md"
    marks = "<!-- bench {} -->\n\n<!-- /bench -->\n"
    here.write_text("a\n" + marks.format("figures") + "b\n" + marks.format("apart") + "c\n")
    apart = Section("apart", [Row("x", "1")], "3 s", ("page", *HEADINGS[1:]))
    page.replace(here, "a machine", [SECOND, apart], ORDER)
    page.replace(here, "the same", [FIRST], ORDER)

    text = here.read_text()

    assert read(text)[:2] == [FIRST, SECOND]
    assert [line for line in text.splitlines() if len(line) == 1] == ["a", "b", "c"]
    assert "the same" in text
    assert "a machine" not in text
    assert "| page " in text


def test_the_documentation_has_figures_of_every_measure() -> None:
    text = (BASE / "docs" / "benchmarks.md").read_text(encoding="utf-8")

    for measure in ALL:
        assert f"**{measure.name}** (" in text
        assert measure.headings == HEADINGS or f"<!-- bench {measure.name} -->" in text
