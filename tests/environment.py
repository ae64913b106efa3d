"""Loaded before Django reads its settings (`-p tests.environment`): a real PostgreSQL for the tests.

Its cluster is kept under var/test between runs; `BONGSU_TEST_HOME` names another folder, so that
two runs may go side by side, and `DATABASE_URL` another server. Each lane of a run (`-n`) has a home
and a server of its own below that: none sees what another one does.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.postgres import EmbeddedPostgres

LANE, FIRST = os.environ.get("PYTEST_XDIST_WORKER", ""), "gw0"
YIELDING = 10  # by how much the other lanes are nicer than the first, which judges by the clock
USUAL = Path(__file__).resolve().parent.parent / "var" / "test"
HOME = Path(os.environ.get("BONGSU_TEST_HOME") or USUAL).resolve() / LANE

(HOME / "static").mkdir(parents=True, exist_ok=True)  # WhiteNoise looks for it
os.environ["BONGSU_HOME"] = str(HOME)
os.environ["BONGSU_ENV"] = "test"
for name in ("BONGSU_LANGUAGE", "BONGSU_TIME_ZONE", "CELERY_BROKER_URL", "EMAIL_URL"):
    os.environ.pop(name, None)

# What pytest makes of each assert is kept: half of the time in which all tests are found.
sys.dont_write_bytecode = False

server = EmbeddedPostgres(HOME, fsync="off")


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Around pytest-django, which reads the settings in here: they want the server's password."""
    if LANE not in {"", FIRST}:
        os.nice(YIELDING)
    only_hands_out = early_config.known_args_namespace.numprocesses and not LANE
    if not only_hands_out and not os.environ.get("DATABASE_URL"):
        server.start()
    yield


def pytest_unconfigure() -> None:
    server.stop()
