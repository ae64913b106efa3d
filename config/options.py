"""What `manage.py up` is asked to run: from its flags, the environment and `.env`."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import environ

from config.children import BASE
from config.cluster import StartError

MAIL_OFFSET = 25  # the sandbox's mail server listens this far above its pages
LARGEST_PORT = 65535


@dataclass(frozen=True)
class Options:
    home: Path
    bind: str
    port: int
    sandbox_port: int
    embedded: bool
    sandbox: bool
    statsd_port: int = 0  # 0: nobody listens
    guarded: bool = False
    signs: bool = False

    @classmethod
    def read(cls, arguments: Sequence[str]) -> Self:
        environ.Env.read_env(BASE / ".env")
        parser = argparse.ArgumentParser(prog="manage.py up", description="Run everything.")
        add_arguments(parser)
        asked = parser.parse_args(arguments)
        outside = bool(os.environ.get("DATABASE_URL"))
        if not (asked.embedded or outside):
            raise StartError("--no-embedded needs the address of a PostgreSQL in DATABASE_URL.")
        return cls(
            home=Path(os.environ.get("BONGSU_HOME") or BASE / "var").resolve(),
            bind=os.environ.get("BONGSU_BIND", "127.0.0.1"),
            port=_port("PORT", 8000, room=0),
            sandbox_port=_port("SANDBOX_PORT", 8900, room=MAIL_OFFSET),
            embedded=not outside,
            sandbox=asked.sandbox,
            statsd_port=_port("BONGSU_STATSD_PORT", 0, room=0, least=0),
            guarded=any(map(os.environ.get, ("BONGSU_GUARD_TO", "BONGSU_GUARD_PING_URL"))),
            signs=_signs(sandbox=asked.sandbox),
        )

    @property
    def host(self) -> str:
        """Where this machine itself reaches the portal."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.bind, self.bind)  # noqa: S104

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return os.environ.get("BONGSU_URL", f"http://{host}:{self.port}").rstrip("/")

    @property
    def near_url(self) -> str:
        """The portal itself, not what stands in front of it, where it listens on this machine."""
        own = self.host in {"127.0.0.1", "::1"}
        return f"http://localhost:{self.port}" if own else self.url


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--no-embedded",
        dest="embedded",
        action="store_false",
        help="use the PostgreSQL of DATABASE_URL instead of the embedded one",
    )
    parser.add_argument(
        "--no-sandbox",
        dest="sandbox",
        action="store_false",
        help="do not start the simulated company",
    )


def _signs(*, sandbox: bool) -> bool:
    """Where there is a key: one that is named, or the sandbox's own for the sandbox's chain."""
    elsewhere = os.environ.get("TRON_NODE_URL") or os.environ.get("BONGSU_ENV") == "production"
    named = any(map(os.environ.get, ("TRON_KEY", "TRON_KEY_FILE")))
    return named or (sandbox and not elsewhere)


def _port(name: str, default: int, *, room: int, least: int = 1) -> int:
    given = os.environ.get(name) or str(default)
    if not (given.isdecimal() and least <= int(given) <= LARGEST_PORT - room):
        most = LARGEST_PORT - room
        raise StartError(f"{name} is {given!r}: choose a number from {least} to {most}.")
    return int(given)
