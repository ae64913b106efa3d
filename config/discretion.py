import logging
import re
from typing import Final

from django.db import InterfaceError, OperationalError

TOKEN: Final = re.compile(
    r"(/ingest/[\w-]+/|/p/|/ping/|/hooks/twilio/\w+/|/status/(?:confirm|manage|unsubscribe)/|/on-call/calendar/"
    r"|/password/reset/key/|/confirm-email/)[^/\s]+"
)
NEWLINE: Final = "\n"
GOING: Final = ("08", "57P")  # classes of SQLSTATE: connection exceptions, operator intervention


class Discreet(logging.Filter):
    """Tokens in addresses never reach a log; a probe that is told "not yet" is no news.

    Nor is where in our code a database was missed that restarts: one line says it, and not a page for each request.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if "/readyz" in text:
            return False
        if record.exc_info and (error := record.exc_info[1]) and is_away(error):
            text = (
                f"{text}: the database does not answer: {str(error).strip().partition(NEWLINE)[0]}"
            )
            record.exc_info = record.exc_text = None
        record.msg, record.args = TOKEN.sub(r"\1…", text), None
        return True


def is_away(error: BaseException) -> bool:
    """It is down, on its way down or up, or hung up; of a deadlock one wants to know where."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    code = getattr(error.__cause__, "pgcode", None)
    return code is None or code.startswith(GOING)
