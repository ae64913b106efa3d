"""The web server loads what it serves once; its workers, the later ones too, are forks of that."""

import contextlib
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from config.children import BASE
from tests.running import free_ports, until

pytestmark = pytest.mark.enable_socket

APPLICATION = """
import os
from django.conf import settings

settings.configure(ROOT_URLCONF=__name__)
urlpatterns = []
with open(os.environ["LOADED"], "a") as note:
    note.write(f"{os.getpid()}\\n")


def application(environ, start_response):
    start_response("200 OK", [])
    return [str(os.getpid()).encode()]
"""


class Web:
    def __init__(self, folder: Path) -> None:
        self.port, self.note = free_ports()[0], folder / "loaded"
        (folder / "counted.py").write_text(APPLICATION)
        options = ("--interface=wsgi", f"--port={self.port}", "--workers=2")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "config.web", *options, "--respawn-failed-workers",
             "--respawn-interval=0.1", "counted:application"],
            cwd=BASE,
            env=os.environ | {"PYTHONPATH": str(folder), "LOADED": str(self.note)},
        )  # fmt: skip

    def loaded_by(self) -> list[int]:
        return [int(line) for line in self.note.read_text().split()]

    def workers(self) -> set[int]:
        return {child.pid for child in psutil.Process(self.process.pid).children()}

    def answers(self) -> int | None:
        """Which worker, if any."""
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5) as answer,
        ):
            return int(answer.read())
        return None


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    web = Web(tmp_path)
    try:
        assert until(web.answers, within=60)
        yield web
    finally:
        web.process.terminate()
        web.process.wait(timeout=30)


def test_the_application_is_loaded_once_for_all_workers(web):
    assert web.answers() in web.workers()
    assert web.loaded_by() == [web.process.pid]


def test_a_worker_that_died_is_back_without_loading_it_again(web):
    before = web.workers()
    for worker in before:
        os.kill(worker, signal.SIGKILL)

    assert until(lambda: web.workers() - before and web.answers(), within=30)
    assert web.loaded_by() == [web.process.pid]
