import json
import os
import socket
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from monitoring.agent import Courier, Look, Rounds, run
from monitoring.buffering import Buffer, Taken
from monitoring.registry import collectors

MEGABYTE = 1024 * 1024
NEAR = {"127.0.0.1", "localhost", "::1"}


class Command(BaseCommand):
    help = (
        "Measure this host and push it to a portal elsewhere, until it is told to end. Needs neither "
        "a database nor a broker here; the token of an integration of the kind “metrics” is read "
        "from BONGSU_AGENT_TOKEN."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        usual = settings.BONGSU_HOME / "agent"
        parser.add_argument("--url", default=os.environ.get("BONGSU_AGENT_URL", ""))
        parser.add_argument("--host", default=socket.gethostname(), help="the label “host”")
        parser.add_argument("--service", default="", help="the service it belongs to, by its slug")
        parser.add_argument("--every", type=float, default=60.0, help="seconds")
        parser.add_argument("--checks", type=Path, help="a JSON file of more to read")
        parser.add_argument("--buffer", type=Path, default=usual, help="a folder of its own")
        parser.add_argument("--most", type=int, default=64, help="megabytes that may wait there")
        parser.add_argument("--plain-http", action="store_true", help="also without encryption")

    def handle(self, *args: Any, **options: Any) -> None:
        address = _address(options["url"], plain=options["plain_http"])
        if not 1 <= options["every"] <= 3600 or options["most"] < 1:
            raise CommandError("--every takes 1 to 3600 seconds, --most at least 1 megabyte")
        looks = [Look("host", "host", collectors["host"].cleaned({})), *_more(options["checks"])]
        try:
            buffer = Buffer(options["buffer"], most=options["most"] * MEGABYTE)
        except Taken as error:
            raise CommandError(f"another agent works in {error}") from error
        except OSError as error:
            raise CommandError(f"the buffer cannot be made: {error}") from error
        rounds = Rounds(
            looks, buffer, every=options["every"], host=options["host"], service=options["service"]
        )
        sys.exit(run(rounds, Courier(address, buffer)))


def _address(url: str, *, plain: bool) -> str:
    token, parts = os.environ.get("BONGSU_AGENT_TOKEN", "").strip(), urlsplit(url)
    if not token:
        raise CommandError("set BONGSU_AGENT_TOKEN to the token of an integration “metrics”")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise CommandError("--url (or BONGSU_AGENT_URL) is the portal's address: https://…")
    if parts.scheme == "http" and parts.hostname not in NEAR and not plain:
        raise CommandError("the token would travel unencrypted: use https, or say --plain-http")
    return f"{url.rstrip('/')}/ingest/metrics/{token}/"


def _more(file: Path | None) -> list[Look]:
    """`[{"name": "nginx", "collector": "process", "settings": {"name": "nginx"}}, …]`"""
    if file is None:
        return []
    try:
        return [
            Look(
                one["name"],
                one["collector"],
                collectors[one["collector"]].cleaned(one.get("settings", {})),
                float(one.get("timeout", 10)),
            )
            for one in json.loads(file.read_text())
        ]
    except OSError as error:
        raise CommandError(f"--checks cannot be read: {error.strerror}") from error
    except ValidationError as error:
        raise CommandError(f"--checks: {error.message_dict}") from error
    except (ValueError, TypeError, KeyError) as error:
        raise CommandError(
            f"--checks is a list of name, collector and settings: {error!r}"
        ) from error
