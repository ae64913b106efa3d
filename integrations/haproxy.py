"""HAProxy by its runtime API: one command a connection, over a unix socket or TCP.

The socket is one of `stats socket … level admin`. A drained server is still checked, so that it is known whether it is
healthy before it is put back. Fields: https://docs.haproxy.org/2.6/management.html, 9.1 and 9.3.
"""

import csv
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from integrations import tcp
from integrations.balancers import (
    DRAIN,
    MAINT,
    PATIENCE,
    READY,
    Balancer,
    Fault,
    Member,
    known,
    plain,
)

LONGEST: Final = 1024 * 1024  # bytes of an answer
SERVERS: Final = 4  # the type of the rows of `show stat`
IN_MAINT: Final = (
    0x01 | 0x02 | 0x20
)  # srv_admin_state: by command or configuration, tracked, or without an address
IN_DRAIN: Final = 0x08 | 0x10
RUNNING: Final = "2"  # srv_op_state; 1 still warms up, 3 is about to stop
Row = Mapping[str, str]


@dataclass(frozen=True)
class HAProxy(Balancer):
    address: str  # /run/haproxy/admin.sock or 10.0.0.5:9999
    backend: str

    def members(self, names: Sequence[str]) -> dict[str, Member]:
        backend = plain(self.backend)
        sessions = {
            row["svname"]: row for row in _stat(self._said(f"show stat {backend} {SERVERS} -1"))
        }
        states = {
            row["srv_name"]: row for row in _states(self._said(f"show servers state {backend}"))
        }
        try:
            return {
                name: _member(sessions[name], states[name])
                for name in names
                if name in states and name in sessions
            }
        except (KeyError, ValueError) as error:
            raise Fault(f"HAProxy's answer is not understood: {error}") from error

    def put(self, name: str, state: str) -> None:
        said = self._said(self.told(name, state)).strip()
        if said:  # it says nothing where it did it
            raise Fault(f"HAProxy: {said[:200]}", permanent=True)

    def told(self, name: str, state: str) -> str:
        return f"set server {plain(self.backend)}/{plain(name)} state {known(state)}"

    def _said(self, line: str) -> str:
        until = time.monotonic() + PATIENCE
        try:
            with _connected(self.address, until) as door:
                door.sendall(f"{line}\n".encode())
                said = _read(door, until)
        except OSError as error:
            raise Fault(f"{self.address}: {error.strerror or error}") from error
        for refused in ("Unknown command", "Permission denied", "Can't find"):
            if said.startswith(refused):
                raise Fault(f"HAProxy: {said.strip()[:200]}", permanent=True)
        return said


@contextmanager
def _connected(address: str, until: float) -> Iterator[socket.socket]:
    if address.startswith("/"):
        with socket.socket(socket.AF_UNIX) as door:
            door.settimeout(tcp.left(until))
            door.connect(address)
            yield door
        return
    host, _colon, port = address.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise Fault(
            f"{address!r} is no address: /run/haproxy/admin.sock or 10.0.0.5:9999", permanent=True
        )
    with tcp.connection(host.strip("[]"), int(port), seconds=tcp.left(until)) as door:
        yield door


def _read(door: socket.socket, until: float) -> str:
    """Until it hangs up: it is told one command only."""
    said = bytearray()
    while True:
        door.settimeout(tcp.left(until))
        chunk = door.recv(65_536)
        if not chunk:
            return said.decode(errors="replace")
        said += chunk
        if len(said) > LONGEST:
            raise Fault(f"HAProxy says more than {LONGEST} bytes")


def _stat(text: str) -> Iterator[Row]:
    """CSV, the names of its columns after `# `."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines or not lines[0].startswith("# "):
        raise Fault("HAProxy's answer is not understood")
    yield from csv.DictReader([lines[0][2:], *lines[1:]])


def _states(text: str) -> Iterator[Row]:
    """A version, the names of the columns after `# `, and a line a server."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) < 2 or not lines[1].startswith("# "):
        raise Fault("HAProxy's answer is not understood")
    names = lines[1][2:].split()
    for line in lines[2:]:
        yield dict(zip(names, line.split(), strict=False))


def _member(stat: Row, state: Row) -> Member:
    admin = int(state["srv_admin_state"])
    put = MAINT if admin & IN_MAINT else DRAIN if admin & IN_DRAIN else READY
    return Member(
        state["srv_name"],
        put,
        up=state["srv_op_state"] in ("1", RUNNING) and put != MAINT,
        sessions=int(stat["scur"]) + int(stat["qcur"]),
        spare=stat["bck"] == "1" or state["srv_uweight"] == "0",
    )
