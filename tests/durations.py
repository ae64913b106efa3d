"""How long each file of a run took (`-p tests.durations`), `--into PAGE` between the marks of a page."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

QUICK = 5.0  # seconds: what takes less is named together
MARKED = re.compile(r"(?s)(<!-- durations -->\n).*?(\n<!-- /durations -->)")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--into", type=Path, help="a page that is told how long each file took")


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    reports = [one for found in terminalreporter.stats.values() for one in found]
    seconds, tests = defaultdict[str, float](float), Counter[str]()
    for one in reports:
        if isinstance(one, pytest.TestReport):
            name = one.location[0].removeprefix("tests/")
            seconds[name] += one.duration  # of its making ready and its clearing up, too
            tests[name] += one.when == "call"
    table = "\n".join(drawn(seconds, tests))
    terminalreporter.write_line(table)
    if page := config.getoption("--into"):
        text = MARKED.sub(
            lambda found: found[1] + table + found[2], page.read_text(encoding="utf-8")
        )
        page.write_text(text, encoding="utf-8")


def drawn(seconds: Mapping[str, float], tests: Counter[str]) -> Iterator[str]:
    yield "| file | tests | takes |\n| --- | --- | --- |"
    slow = [
        name for name in sorted(seconds, key=lambda one: -seconds[one]) if seconds[name] >= QUICK
    ]
    for name in slow:
        yield f"| `{name}` | {tests[name]} | {said(seconds[name])} |"
    others = sorted(seconds.keys() - set(slow))
    if others:
        took = said(sum(seconds[name] for name in others))
        yield f"| others: {len(others)} | {sum(tests[name] for name in others)} | {took} |"
    yield f"| all | {tests.total()} | {said(sum(seconds.values()))} |"


def said(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
