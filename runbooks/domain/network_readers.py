"""What commands about the network print, read as rows. One row a host, also where it printed nothing."""

import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import Any, Final

Row = Mapping[str, Any]
PINGED: Final = re.compile(r"(\d+) packets transmitted, (\d+) (?:packets )?received")
TOOK: Final = re.compile(r"= [\d.]+/(?P<ms>[\d.]+)/")
DEFAULT: Final = re.compile(r"default(?: via (?P<via>\S+))?(?: dev (?P<device>\S+))?")
POLICY: Final = re.compile(r"-P (INPUT|OUTPUT|FORWARD) (\S+)")
HTTPS: Final = "443"
BLOCKS: Final = frozenset({"DROP", "REJECT"})


def ping(out: str, err: str, _code: int | None) -> Iterator[Row]:
    """Of `ping -c N -q`: sent, received, lost_percent, ms; all is lost where nothing could be sent."""
    found = PINGED.search(out)
    sent, received = (int(found[1]), int(found[2])) if found else (0, 0)
    took = TOOK.search(out)
    yield {
        "sent": sent,
        "received": received,
        "lost_percent": round(100 * (1 - received / sent)) if sent else 100,
        "ms": float(took["ms"]) if took else 0.0,
        "why": " ".join(err.split())[:200],
    }


def resolved(out: str, _err: str, _code: int | None) -> Iterator[Row]:
    """Of `getent ahostsv4 NAME`: addresses, how many, and how many of them no outside host can have."""
    found = sorted({line.split()[0] for line in out.splitlines() if line.strip()})
    yield {
        "addresses": ", ".join(found) or "-",
        "count": len(found),
        "inside": sum(map(_is_inside, found)),
    }


def _is_inside(address: str) -> bool:
    try:
        return not ip_address(address).is_global
    except ValueError:
        return False


def routes(out: str, _err: str, _code: int | None) -> Iterator[Row]:
    """Of `ip -4 route show`: how many, and by where the default one goes; `none` where there is none."""
    lines = [line for line in out.splitlines() if line.strip()]
    default = next(filter(None, map(DEFAULT.match, lines)), None)
    yield {
        "count": len(lines),
        "default": (default["via"] or default["device"] or "?") if default else "none",
        "device": (default["device"] or "") if default else "",
    }


def iptables(out: str, err: str, code: int | None) -> Iterator[Row]:
    """Of `iptables -S`: how many rules, the policy of each chain, and whether HTTPS outwards is blocked.

    The first rule that decides about TCP to port 443 does; without one the policy.
    """
    if code != 0:
        yield {"why": " ".join(err.split())[:200]}
        return
    lines = out.splitlines()
    policies = {found[1].lower(): found[2] for found in map(POLICY.match, lines) if found}
    verdict = next(filter(None, map(_verdict, lines)), policies.get("output", "ACCEPT"))
    yield {
        "rules": sum(line.startswith("-A ") for line in lines),
        **policies,
        "https": "blocked" if verdict in BLOCKS else "open",
    }


def _verdict(line: str) -> str | None:
    """Of a rule on all that goes out to 443, or on all that goes out; None of those that are narrower."""
    words = line.split()
    if words[:2] != ["-A", "OUTPUT"] or "-j" not in words:
        return None
    target = words[words.index("-j") + 1]
    conditions = " ".join(words[2 : words.index("-j")])
    narrow = re.sub(
        r"-p tcp|-m tcp|-m multiport|--dports? \S+|-m comment --comment (\"[^\"]*\"|\S+)",
        "",
        conditions,
    )
    ports = re.search(r"--dports? (\S+)", conditions)
    fits = not narrow.strip() and (ports is None or HTTPS in ports[1].split(","))
    return target if fits and target in BLOCKS | {"ACCEPT"} else None


def packets(out: str, _err: str, code: int | None) -> Iterator[Row]:
    """Of `tcpdump -nn -q`: how many were seen, and whether the program is there at all."""
    seen = [line for line in out.splitlines() if " IP " in line or line.startswith("IP ")]
    yield {"packets": len(seen), "installed": "no" if code == 127 else "yes", "code": code}
