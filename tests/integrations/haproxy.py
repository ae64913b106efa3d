"""The real HAProxy, in front of servers on loopback."""

import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.integrations.balanced import until
from tests.programs import program

CONFIGURATION = """
global
  stats socket {folder}/admin.sock mode 600 level admin
  stats socket ipv4@127.0.0.1:{runtime} level admin
  stats socket ipv4@127.0.0.1:{reader} level user
defaults
  mode http
  timeout connect 2s
  timeout client 20s
  timeout server 20s
  timeout check 5s
  retries 0
frontend web
  bind 127.0.0.1:{port}
  default_backend app
backend app
  option httpchk GET /health
  default-server check inter 200ms fall 1 rise 1
{servers}
"""


def is_open(port: int) -> bool:
    with socket.socket() as door:
        return door.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def haproxy(
    folder: Path, servers: Mapping[str, str], ports: tuple[int, int, int]
) -> Iterator[None]:
    """`ports`: of the web, of the runtime API, and of one that may only read. It never tries twice.

    Who refuses is down at once; who is only slow, as all are on a machine under load, is not: without the time for a
    check it would be that between two checks, 200 ms, and no other might leave the pool just then.
    """
    port, runtime, reader = ports
    lines = "\n".join(f"  server {name} {address}" for name, address in servers.items())
    file = folder / "haproxy.cfg"
    file.write_text(
        CONFIGURATION.format(
            folder=folder, port=port, runtime=runtime, reader=reader, servers=lines
        )
    )
    process = subprocess.Popen(
        [program("haproxy", package="haproxy"), "-db", "-f", str(file)],
        stdout=subprocess.DEVNULL, stderr=(folder / "haproxy.log").open("w"),
    )  # fmt: skip
    try:
        until(lambda: all(map(is_open, ports)))
        yield
    finally:
        process.terminate()
        process.wait(10)
