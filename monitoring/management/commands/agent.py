import argparse
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from monitoring import agent_main
from monitoring.agent_pack import packed


class Command(BaseCommand):
    help = f"{agent_main.ABOUT} With --pack: write it as one file for other hosts instead."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--pack", type=Path, metavar="FILE", help="such as bongsu-agent.pyz")
        agent_main.add_arguments(parser, buffer=settings.BONGSU_HOME / "agent")

    def handle(self, *args: Any, pack: Path | None, **options: Any) -> None:
        if pack:
            pack.write_bytes(packed())
            return
        try:
            sys.exit(agent_main.start(argparse.Namespace(**options)))
        except agent_main.Wrong as sentence:
            raise CommandError(str(sentence)) from sentence
