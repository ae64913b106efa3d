"""Three servers with an application, and a balancer before them: those of the sandbox, in a process of its own."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2

from tests.running import free_ports

NAMES = ("app1", "app2", "app3")


@contextmanager
def servers(home: Path | None = None) -> Iterator[int]:
    """Its port: at 127.0.1.1 to 127.0.1.3 the application, at 127.0.1.100 the balancer. With keys in its home, SSH too."""
    _portal, port = free_ports()
    environment = {"SANDBOX_PORT": str(port)} | ({"BONGSU_HOME": str(home)} if home else {})
    process = subprocess.Popen([sys.executable, "-m", "sandbox"], env=environment)
    try:
        until(lambda: is_there(f"http://127.0.0.1:{port}/hosts.json"))
        yield port
    finally:
        process.terminate()
        process.wait(10)


def told(sandbox: str, name: str, **wish: Any) -> None:
    httpx2.post(f"{sandbox}/hosts/{name}", json=wish).raise_for_status()


def until(done: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end
        time.sleep(0.05)


def is_there(url: str) -> bool:
    try:
        return httpx2.get(url).status_code == 200
    except httpx2.HTTPError:
        return False
