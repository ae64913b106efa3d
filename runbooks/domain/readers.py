"""What commands print, read as rows for findings. A line that does not fit is passed over."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

Row = Mapping[str, Any]
DF: Final = re.compile(
    r"(?P<device>\S+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(?P<used_percent>\d+)%\s+(?P<mount>/.*)"
)
LISTENS: Final = re.compile(r"(?:tcp\s+)?LISTEN\s+\d+\s+\d+\s+(?P<address>\S+):(?P<port>\d+)\s")
MEMORY: Final = re.compile(
    r"Mem:\s+(?P<total>\d+)\s+(?P<used>\d+)\s+.*?(?P<available>\d+)\s*$", re.MULTILINE
)


def lines(out: str, err: str, code: int | None) -> Iterator[Row]:
    """One row: the code and all that was printed."""
    yield {"code": code, "out": out.strip()[:2_000], "err": err.strip()[:2_000]}


def df(out: str, _err: str, _code: int | None) -> Iterator[Row]:
    """Of `df -P`: device, mount, used_percent."""
    for line in out.splitlines():
        if found := DF.match(line):
            yield {**found.groupdict(), "used_percent": int(found["used_percent"])}


def free(out: str, _err: str, _code: int | None) -> Iterator[Row]:
    """Of `free -b`: total, available, used_percent."""
    if found := MEMORY.search(out):
        total, available = int(found["total"]), int(found["available"])
        percent = round(100 * (1 - available / total)) if total else 0
        yield {"total": total, "available": available, "used_percent": percent}


def ss(out: str, _err: str, _code: int | None) -> Iterator[Row]:
    """Of `ss -Hltn`: address and port of each that listens."""
    for line in out.splitlines():
        if found := LISTENS.match(f"{line} "):
            yield {"address": found["address"], "port": int(found["port"])}


def units(out: str, _err: str, _code: int | None) -> Iterator[Row]:
    """Of `systemctl show --property=Id,ActiveState,SubState U1 U2`: unit, active, state."""
    for block in out.split("\n\n"):
        found = dict(line.split("=", 1) for line in block.splitlines() if "=" in line)
        if "Id" in found:
            yield {
                "unit": found["Id"],
                "active": found.get("ActiveState"),
                "state": found.get("SubState"),
            }


READERS: Final[Mapping[str, Callable[[str, str, int | None], Iterator[Row]]]] = {
    "lines": lines, "df": df, "free": free, "ss": ss, "units": units,
}  # fmt: skip
