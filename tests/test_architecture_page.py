"""What `docs/architecture.md` and its neighbours name is there: modules, functions, layers, ticks."""

import re
import tomllib
from itertools import pairwise
from pathlib import Path
from pkgutil import resolve_name

import pytest

from config.celery import app

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs/architecture.md").read_text()
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
PACKAGES = "|".join(CONTRACTS["root_packages"])
DOTTED = re.compile(rf"(?<![\w/.@])(?:{PACKAGES})(?:\.(?!md\b)\w+)+")
FILED = re.compile(r"(?<![\w/.])[a-z_]+/[\w/.-]*\w\.(?:py|html|css|js)\b")
HOMES = {"architecture": ROOT, "incidents": ROOT / "incidents", "sight": ROOT / "monitoring"}


@pytest.mark.parametrize("page", HOMES)
def test_what_a_page_names_is_there(page):
    text = (ROOT / "docs" / f"{page}.md").read_text()
    files = FILED.findall(text)
    app.loader.import_default_modules()
    dotted = set(DOTTED.findall(text)) - set(app.tasks)

    assert not [name for name in sorted(dotted) if not _is_there(name)]
    assert not [
        name
        for name in files
        if not any(
            (home / name).is_file()
            for home in (ROOT, ROOT / "tests", ROOT / "templates", HOMES[page])
        )
    ]


def test_the_graph_is_the_one_that_imports_are_held_to():
    layers = next(one["layers"] for one in CONTRACTS["contracts"] if one["type"] == "layers")
    heights = [set(layer.split(" | ")) for layer in layers]
    drawn = re.findall(r"^  (\w[\w &]*) --> (\w[\w &]*)$", PAGE, re.MULTILINE)
    edges = [(set(above.split(" & ")), set(below.split(" & "))) for above, below in drawn]

    assert edges == list(pairwise(heights))


def test_all_ticks_are_listed_with_their_queue_and_pace():
    said = re.findall(r"^\| `([\w.]+)` \| (\w+) \| (\d+) (s|min|h) \|", PAGE, re.MULTILINE)
    seconds = {"s": 1, "min": 60, "h": 3600}
    listed = {tick: (queue, int(count) * seconds[unit]) for tick, queue, count, unit in said}
    route = app.amqp.router.route

    assert listed == {
        tick: (route({}, tick)["queue"].name, entry["schedule"])
        for tick, entry in app.conf.beat_schedule.items()
    }


def _is_there(name: str) -> bool:
    try:
        resolve_name(name)
    except (AttributeError, ImportError):
        return False
    return True
