"""Where a log is found, by its kind."""

import re
from typing import Final

UNIT: Final = re.compile(r"[\w@.:\\-]{1,200}")
PORTS: Final = range(1, 65_536)


def units_of(place: str) -> list[str]:
    return [unit for unit in re.split(r"[,\s]+", place) if unit]


def host_and_port(place: str) -> tuple[str, int]:
    """`ValueError` when it is none. An address of IPv6 stands in brackets."""
    host, _, port = place.rpartition(":")
    if not (host and port.isascii() and port.isdigit() and int(port) in PORTS):
        raise ValueError("host:port, such as 127.0.0.1:5514")
    return host.strip("[]"), int(port)


def fault_of_address(kind: str, place: str) -> str:
    if "\0" in place:
        return "A place holds no NUL."
    if kind == "file" and not place.startswith("/"):
        return "A whole path, from / on."
    if kind == "journal" and not all(UNIT.fullmatch(unit) for unit in units_of(place)):
        return "Names of units, such as nginx.service."
    if kind == "syslog":
        try:
            host_and_port(place)
        except ValueError as fault:
            return str(fault)
    return ""
