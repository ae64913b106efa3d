"""What commands print, read as rows for findings. A line that does not fit is passed over."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from runbooks.domain import network_readers as network

Row = Mapping[str, Any]
Reader = Callable[[str, str, int | None], Iterator[Row]]
DF: Final = re.compile(
    r"(?P<device>\S+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(?P<used_percent>\d+)%\s+(?P<mount>/.*)"
)
LISTENS: Final = re.compile(r"(?:tcp\s+)?LISTEN\s+\d+\s+\d+\s+(?P<address>\S+):(?P<port>\d+)\s")
PROCESS: Final = re.compile(
    r"\s*(?P<state>[A-Z])\S*\s+(?P<cpu>[\d.]+)\s+(?P<memory>[\d.]+)\s+(?P<command>\S.*)"
)
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


def room(out: str) -> int | None:
    """Of `df -Pk FOLDER`: bytes that are left there."""
    words = out.splitlines()[-1].split() if out.strip() else []
    return int(words[3]) * 1024 if len(words) > 5 and words[3].isdecimal() else None


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


def ports(out: str, err: str, code: int | None) -> Iterator[Row]:
    """Of `ss -Hltn`: one row with all that are listened on, as `:80,:443,`."""
    found = sorted({int(row["port"]) for row in ss(out, err, code)})
    yield {"ports": "".join(f":{port}," for port in found)}


def ps(out: str, _err: str, _code: int | None) -> Iterator[Row]:
    """Of `ps -eo state=,pcpu=,pmem=,comm=`: state, cpu, memory, command."""
    for line in out.splitlines():
        if found := PROCESS.match(line):
            cpu, memory = float(found["cpu"]), float(found["memory"])
            yield {**found.groupdict(), "cpu": cpu, "memory": memory}


def units(out: str, _err: str, _code: int | None) -> Iterator[Row]:
    """Of `systemctl show --property=Id,ActiveState,SubState U1 U2`: unit, active, state."""
    for block in out.split("\n\n"):
        found = dict(line.split("=", 1) for line in block.splitlines() if "=" in line)
        if "Id" in found:
            yield {
                "unit": found["Id"].removesuffix(".service"),
                "active": found.get("ActiveState"),
                "state": found.get("SubState"),
            }


def compared(rows: Sequence[Row], column: str) -> list[dict[str, Any]]:
    """`differs` of each: whether it is another than most have. Of two that differ, both do."""
    values = Counter(str(row[column]) for row in rows if column in row)
    most = max(values.values(), default=0)
    usual = {value for value, count in values.items() if count == most} if most > 1 else set()
    if len(values) == 1:
        usual = set(values)
    return [
        {**row, "differs": "no" if str(row[column]) in usual else "yes"}
        if column in row
        else {**row}
        for row in rows
    ]


READERS: Final[Mapping[str, Reader]] = {
    "lines": lines, "df": df, "free": free, "ss": ss, "ports": ports, "ps": ps, "units": units,
    "ping": network.ping, "resolved": network.resolved, "routes": network.routes,
    "iptables": network.iptables, "packets": network.packets,
}  # fmt: skip
