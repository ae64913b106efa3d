"""The agent's command line, of `manage.py agent` and of the packed file alike."""

import argparse
import json
import os
import socket
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Final
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError

from monitoring.agent import Courier, Look, Rounds, run
from monitoring.buffering import Buffer, Taken
from monitoring.registry import collectors

MEGABYTE: Final = 1024 * 1024
NEAR: Final = {"127.0.0.1", "localhost", "::1"}
ABOUT: Final = "Measure this host and push it to a portal elsewhere, until it is told to end."


class Wrong(Exception):
    """One sentence: it cannot start like this."""


def add_arguments(parser: argparse.ArgumentParser, *, buffer: Path) -> None:
    parser.add_argument(
        "--portal", default=os.environ.get("BONGSU_AGENT_URL", ""), help="https://…"
    )
    parser.add_argument(
        "--token-file", type=Path, help="instead of the variable BONGSU_AGENT_TOKEN"
    )
    parser.add_argument("--host", default=socket.gethostname(), help="the label “host”")
    parser.add_argument("--service", default="", help="the service it belongs to, by its slug")
    parser.add_argument("--every", type=float, default=60.0, help="seconds")
    parser.add_argument("--checks", type=Path, help="a JSON file of more to read")
    parser.add_argument("--buffer", type=Path, default=buffer, help="a folder of its own")
    parser.add_argument("--most", type=int, default=64, help="megabytes that may wait there")
    parser.add_argument("--plain-http", action="store_true", help="also without encryption")


def start(said: argparse.Namespace) -> int:
    """Raises Wrong."""
    address = _address(said.portal, _token(said.token_file), plain=said.plain_http)
    if not 1 <= said.every <= 3600 or said.most < 1:
        raise Wrong("--every takes 1 to 3600 seconds, --most at least 1 megabyte")
    missing = _discover()
    looks = [Look("host", "host", collectors["host"].cleaned({})), *_more(said.checks, missing)]
    try:
        buffer = Buffer(said.buffer, most=said.most * MEGABYTE)
    except Taken as error:
        raise Wrong(f"another agent works in {error}") from error
    except OSError as error:
        raise Wrong(f"the buffer cannot be made: {error}") from error
    rounds = Rounds(looks, buffer, every=said.every, host=said.host, service=said.service)
    return run(rounds, Courier(address, buffer))


def _discover() -> dict[str, str]:
    """Which collectors cannot be had here, and the library that each of them lacks."""
    missing = {}
    package = import_module("monitoring.collectors")
    for module in iter_modules(package.__path__):
        try:
            import_module(f"{package.__name__}.{module.name}")
        except ModuleNotFoundError as error:
            missing[module.name] = error.name or ""
    return missing


def _token(file: Path | None) -> str:
    try:
        said = file.read_text() if file else os.environ.get("BONGSU_AGENT_TOKEN", "")
    except (OSError, UnicodeError) as error:
        raise Wrong(f"--token-file cannot be read: {error}") from error
    token = said.strip()
    if not token.isascii() or len(token.split()) != 1:
        raise Wrong("--token-file (or BONGSU_AGENT_TOKEN) is the token of an integration “metrics”")
    return token


def _address(url: str, token: str, *, plain: bool) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Wrong("--portal (or BONGSU_AGENT_URL) is the portal's address: https://…")
    if parts.scheme == "http" and parts.hostname not in NEAR and not plain:
        raise Wrong("the token would travel unencrypted: use https, or say --plain-http")
    return f"{url.rstrip('/')}/ingest/metrics/{token}/"


def _more(file: Path | None, missing: dict[str, str]) -> list[Look]:
    """`[{"name": "nginx", "collector": "process", "settings": {"name": "nginx"}}, …]`"""
    if file is None:
        return []
    try:
        asked = json.loads(file.read_text())
        for one in asked:
            if lacks := missing.get(one["collector"]):
                raise Wrong(f"--checks: {one['collector']} needs Python's {lacks} on this host")
        return [
            Look(
                one["name"],
                one["collector"],
                collectors[one["collector"]].cleaned(one.get("settings", {})),
                float(one.get("timeout", 10)),
            )
            for one in asked
        ]
    except OSError as error:
        raise Wrong(f"--checks cannot be read: {error.strerror}") from error
    except ValidationError as error:
        raise Wrong(f"--checks: {error.message_dict}") from error
    except (ValueError, TypeError, KeyError) as error:
        raise Wrong(f"--checks is a list of name, collector and settings: {error!r}") from error
