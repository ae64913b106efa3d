"""What was asked for without a database is done when there is one again.

A file is forgotten after the tables have what it asked for. Whoever dies between the two does it again, which
changes nothing: a way out leads out once, a link works once, and nobody is written to twice within ten minutes.
"""

import logging

from django.db import InterfaceError, OperationalError
from django.http import QueryDict

from core.errors import Refused
from statuspage.domain.snapshot import moment
from statuspage.services import subscribing
from statuspage.spool import Asked, Spool
from statuspage.subscriber_forms import SubscribeForm

log = logging.getLogger(__name__)


def catch_up(spool: Spool | None = None) -> int:
    """How many were done, at the time when they were asked for: by it their limits and their links hold."""
    spool = spool or Spool()
    done = 0
    with spool.taken() as waiting:
        for path in waiting:
            try:
                _do(spool.read(path))
            except (OperationalError, InterfaceError):
                raise  # it is away again: the rest stays
            except Refused as refused:
                log.warning("a spooled request was refused: %s", refused)
            except Exception:
                log.exception("a spooled request cannot be done: %s", path.name)
                spool.set_aside(path)
                continue
            spool.forget(path)
            done += 1
    return done


def _do(one: Asked) -> None:
    at = moment(one.at)
    if one.what == "leave":
        subscribing.leave(one.token, at=at)
    elif one.what == "confirm":
        subscribing.confirm(one.token, at=at)
    else:
        form = SubscribeForm(_typed(one))
        if not form.is_valid():
            raise Refused(form.errors.as_json())
        subscribing.ask(form.wish(), client=one.client, at=at)


def _typed(one: Asked) -> QueryDict:
    found = QueryDict(mutable=True)
    for name, values in (one.fields or {}).items():
        found.setlist(name, values)
    return found
