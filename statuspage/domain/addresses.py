"""Addresses as they are kept: one form for what leads to one mailbox, or to one endpoint."""

import re
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

LONGEST: Final = 254
LONGEST_URL: Final = 500
PORTS: Final = (443, 8443)
PLAIN_URL: Final = re.compile(r"https?://[!-~]+", re.IGNORECASE)
LOCAL: Final = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
FILLERS: Final = re.compile(r"[\s().-]")
E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")
KOREAN: Final = re.compile(r"\+821[016789][0-9]{7,8}")  # mobile; the others take no texts
HOOK: Final = re.compile(r"[A-Za-z0-9]+(/[A-Za-z0-9]+)*")
LABEL: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")


def normalised(typed: str) -> str | None:
    """None: no address that every mail server takes.

    In small letters throughout: nobody runs a server for which they matter, and everybody types both.
    """
    local, _, domain = typed.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode().lower()
    except UnicodeError:
        return None
    local = local.lower()
    labels = domain.split(".")
    well = LOCAL.fullmatch(local) and len(labels) > 1 and all(map(LABEL.fullmatch, labels))
    found = f"{local}@{domain}"
    fits = len(local) <= 64 and len(found) <= LONGEST
    return found if well and fits and not labels[-1].isdigit() else None


def endpoint(typed: str, *, also: Collection[str] = ()) -> str | None:
    """None: nothing that a stranger may have us call. `also` are hosts with ports that are let off.

    Where the name leads to is looked at when it is called, each time: it may be another place by then.
    """
    url = typed.strip()
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return None
    plain = PLAIN_URL.fullmatch(url) and host and not (parts.username or parts.password)
    if not plain or len(url) > LONGEST_URL:
        return None
    name = f"[{host}]" if ":" in host else host
    place = name if port is None else f"{name}:{port}"
    usual = parts.scheme.lower() == "https" and port in {None, *PORTS}
    if not usual and place not in also:
        return None
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme.lower()}://{place}{parts.path or '/'}{query}"


def push_endpoint(typed: str, hosts: Collection[str], *, also: Collection[str] = ()) -> str | None:
    """None: no push service of a browser's maker. `hosts`: theirs; `*.` before one stands for all below it."""
    url = endpoint(typed, also=also)
    place = urlsplit(url or "").netloc.removesuffix(":443")
    known = any(place == one or (one[:2] == "*." and place.endswith(one[1:])) for one in hosts)
    return url if known else None


def slack_hook(typed: str, homes: Collection[str]) -> str | None:
    """None: no incoming webhook of Slack's. `homes` is how they begin."""
    url = typed.strip()
    home = next((one for one in homes if url.startswith(one)), None)
    fits = home and len(url) <= LONGEST_URL and HOOK.fullmatch(url, len(home))
    return url if fits else None


def phone(typed: str, *, within: Collection[str]) -> str | None:
    """None: no mobile number of a country that we text to. `within`: their codes, +82; at home the first one's.

    Texts abroad cost many times as much, and some networks pay whoever has us send them.
    """
    digits = FILLERS.sub("", typed.strip())
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    elif digits.startswith("0") and within:
        digits = next(iter(within)) + digits[1:]
    ours = any(digits.startswith(code) for code in within)
    if digits.startswith("+820"):  # as people write it who know both
        digits = f"+82{digits[4:]}"
    plausible = KOREAN if digits.startswith("+82") else E164
    return digits if ours and plausible.fullmatch(digits) else None


def masked(address: str) -> str:
    """For people who need not know it."""
    if address.startswith("+"):
        return f"{address[:3]}…{address[-2:]}"
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}" if local else f"{address[:12]}…"
