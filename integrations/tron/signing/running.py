"""`manage.py signer`: settings and logs as everywhere, but none of the portal's apps, and no database."""

import signal
import sys

from django.conf import settings
from django.utils.log import configure_logging

from integrations.tron.errors import NodeError
from integrations.tron.signing import starting
from integrations.tron.signing.key import BadKey
from integrations.tron.signing.ledger import LedgerError


def main() -> str | None:
    """Until it is ended; what kept it from starting, if anything did."""
    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        starting.run()
    except (BadKey, LedgerError, NodeError, ValueError) as error:
        return f"The signer does not start: {error}"
    except KeyboardInterrupt:
        pass
    return None
