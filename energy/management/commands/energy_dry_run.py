from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from core import clock
from core.errors import Refused
from energy.domain.states import Level
from energy.models import EnergyPolicy, Wallet
from energy.screens.rehearsal import as_text, told
from energy.services import rehearse

LEVELS = {level.name.lower(): level for level in (Level.EMERGENCY, Level.CRITICAL)}


class Command(BaseCommand):
    help = "What a shortage of a wallet would be answered by now; nothing of it is done."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("wallet", help="its name or address")
        parser.add_argument("--level", choices=LEVELS, default="critical")
        parser.add_argument("--policy", type=int, help="its version; by itself the one that holds")
        parser.add_argument("--language", choices=["ko", "en"], default="en")

    def handle(self, *args: Any, wallet: str, level: str, language: str, **options: Any) -> None:
        rows = Wallet.objects.select_related("last")
        found = rows.filter(name=wallet).first() or rows.filter(address=wallet).first()
        if found is None:
            raise CommandError(f"No wallet is called {wallet}.")
        policy = EnergyPolicy.objects.filter(pk=options["policy"]).first()
        if options["policy"] is not None and policy is None:
            raise CommandError(f"There is no version {options['policy']} of the policy.")
        with translation.override(language):
            try:
                it = rehearse(found, LEVELS[level], policy=policy, at=clock.database_now())
            except Refused as refused:
                raise CommandError(str(refused)) from refused
            for line in as_text(told(it)):
                self.stdout.write(line)
