import signal
import sys

from django.core.management.base import BaseCommand, CommandError

from integrations.tron.errors import NodeError
from integrations.tron.signing import starting
from integrations.tron.signing.key import BadKey
from integrations.tron.signing.ledger import LedgerError


class Command(BaseCommand):
    help = "Signs what the energy policy asks for, within its own limits; the only holder of a key."
    requires_system_checks = []  # it needs no database, and none of the portal

    def handle(self, **_options: object) -> None:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        try:
            starting.run()
        except (BadKey, LedgerError, NodeError, ValueError) as error:
            raise CommandError(f"The signer does not start: {error}") from None
        except KeyboardInterrupt:
            sys.exit(0)
