"""`manage.py signer`: settings and logs as everywhere, but none of the portal's apps, and no database."""

import logging.config
import signal
import sys

from django.conf import settings

from integrations.tron.errors import NodeError
from integrations.tron.signing import starting
from integrations.tron.signing.key import BadKey
from integrations.tron.signing.ledger import LedgerError


def main() -> str | None:
    """Until it is ended; what kept it from starting, if anything did."""
    logging.config.dictConfig(settings.LOGGING)  # Django's own would load its pages as well
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        starting.run()
    except (BadKey, LedgerError, NodeError, ValueError) as error:
        return f"The signer does not start: {error}"
    except KeyboardInterrupt:
        pass
    return None
