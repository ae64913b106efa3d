"""What others said when they failed: their own words behind a sentence of ours, which has a translation."""

from core.told import Told
from core.told import Told as _

LATE = _("It was not done in time.")


def of_database(error: Exception) -> Told:
    return LATE if isinstance(error, TimeoutError) else _("The database says: %(why)s", why=error)


def of_balancer(error: Exception) -> Told:
    return _("The load balancer: %(why)s", why=error)


def of_http(error: Exception) -> Told:
    return _("No answer: %(why)s", why=error)
