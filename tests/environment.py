"""Loaded before Django reads its settings (`-p tests.environment`): a real PostgreSQL for the tests.

Its cluster is kept under var/test between runs; `BONGSU_TEST_HOME` names another folder, so that
two runs may go side by side, and `DATABASE_URL` another server.
"""

import os
from pathlib import Path

from config.postgres import EmbeddedPostgres

USUAL = Path(__file__).resolve().parent.parent / "var" / "test"
HOME = Path(os.environ.get("BONGSU_TEST_HOME") or USUAL).resolve()

(HOME / "static").mkdir(parents=True, exist_ok=True)  # WhiteNoise looks for it
os.environ["BONGSU_HOME"] = str(HOME)
os.environ["BONGSU_ENV"] = "test"
for name in ("BONGSU_LANGUAGE", "BONGSU_TIME_ZONE", "CELERY_BROKER_URL", "EMAIL_URL"):
    os.environ.pop(name, None)

server = EmbeddedPostgres(HOME, fsync="off")


def pytest_unconfigure() -> None:
    server.stop()


if not os.environ.get("DATABASE_URL"):
    server.start()  # the settings, read right after this, want its password
