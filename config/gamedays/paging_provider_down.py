"""The gateway of calls and texts refuses everything: people are reached by other ways, and what waits goes out afterwards."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from config.gamedays.drill import Drill, Say, drill
from config.gamedays.outside import faulty
from core import clock
from core.errors import Refused
from incidents.models import Incident
from notifications.models import UNDONE, Delivery, Lane, State

PHONES: Final = ("sms", "voice")
GATEWAYS: Final = ("sms", "voice", "sms_backup", "voice_backup")  # no second provider helps, either
IN_TIME: Final = timedelta(seconds=30)  # until everybody is reached by another way


def play(say: Say, between: Callable[[], None]) -> str:
    """Raises Refused."""
    try:
        for party in GATEWAYS:
            faulty(party, "fail")
        with drill("Paging provider down", "P1", say, between) as one:
            one.tell(f"BREAK  {', '.join(GATEWAYS)}")
            _reached(one)
            put_back()
            one.tell(f"HEALED  {', '.join(GATEWAYS)}")
            _caught_up(one)
    finally:
        put_back()
    return "reached"


def put_back() -> None:
    for party in GATEWAYS:
        faulty(party, "ok")


def _reached(one: Drill) -> None:
    """Raises Refused."""
    wanted = set(_pages(one.incident).exclude(recipient=None).values_list("recipient", flat=True))
    others = _pages(one.incident).exclude(channel__in=PHONES).filter(state=State.SENT)
    one.until(lambda: wanted <= set(others.values_list("recipient", flat=True)))
    took = clock.database_now() - one.began
    one.tell(f"REACHED  {len(wanted)} people by other ways after {took.total_seconds():.1f} s")
    if took > IN_TIME:
        raise Refused(_("People were reached too late."))


def _caught_up(one: Drill) -> None:
    """Raises Refused."""
    phones = _pages(one.incident).filter(channel__in=PHONES)
    one.until(lambda: not phones.filter(state__in=UNDONE).exists())
    sent = phones.filter(state=State.SENT).count()
    one.tell(f"CAUGHT UP  {sent} of {phones.count()} calls and texts went out afterwards")
    if sent != phones.count():
        raise Refused(_("Not every call and text went out."))


def _pages(incident: Incident) -> Any:
    return Delivery.objects.about(incident.topic).filter(lane=Lane.PAGE)
