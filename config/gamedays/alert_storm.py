"""A thousand alerts of one cause at once, and one of another beside them: all kept, one incident, each person called once."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db.models import Count
from django.utils.translation import gettext as _

from config.gamedays.drill import Say, commanders
from core import clock
from core.errors import Refused
from incidents.models import Incident
from incidents.services import resolve
from integrations import http
from maintenance.services.playing import only_the_sandbox
from monitoring.domain.alerts import Signal
from monitoring.models import Alert, Integration
from monitoring.services import store
from notifications.models import Delivery, Lane, State

NAME: Final = "alert storm (drill)"
STORM, SENDERS = 1_000, 4
IN_TIME: Final = timedelta(seconds=10)  # of the page of another cause
WITHIN: Final = timedelta(minutes=3)
TITLES: Final = {
    "storm": "Drill: withdrawal queue is stuck",
    "beside": "Drill: disk of db1 is full",
}


def play(say: Say, between: Callable[[], None]) -> str:
    """Raises Refused."""
    only_the_sandbox()
    storm = Storm(say, between)
    with _door() as address:
        try:
            storm.break_out(address)
            storm.look()
        finally:
            storm.end()
    return "kept"


class Storm:
    def __init__(self, say: Say, between: Callable[[], None]) -> None:
        self.say, self.between = say, between
        self.driver, _second = commanders()
        self.began = clock.database_now()

    def tell(self, words: str) -> None:
        passed = (clock.database_now() - self.began).total_seconds()
        self.say(f"{int(passed // 60):02}:{int(passed % 60):02}  {words}")

    def break_out(self, address: str) -> None:
        """The other cause comes when half of the storm has."""
        half = [_alert("storm", place) for place in range(STORM // 2)]
        self.tell(f"STORM  {STORM} alerts from {SENDERS} senders")
        with ThreadPoolExecutor(SENDERS) as senders:
            accepted = sum(senders.map(lambda one: _sent(address, one), half))
            beside = senders.submit(_sent, address, _alert("beside", 0))
            rest = [_alert("storm", place) for place in range(STORM // 2, STORM)]
            accepted += sum(senders.map(lambda one: _sent(address, one), rest))
        self.tell(f"ACCEPTED  {accepted} of {STORM}, and {int(beside.result())} of another cause")
        if accepted != STORM or not beside.result():
            raise Refused(_("Not every alert was accepted."))

    def look(self) -> None:
        """Raises Refused."""
        mine = Alert.objects.filter(integration__name=NAME, received_at__gte=self.began)
        self._until(lambda: mine.filter(unread=False).count() == STORM + 1)
        storm, beside = (self._incident(title) for title in TITLES.values())
        self.tell(f"INCIDENTS  #{storm.pk} with {STORM} alerts, #{beside.pk} beside it")
        self._until(lambda: self._first(beside) is not None and self._first(storm) is not None)
        self._in_time(mine.get(key="beside 0"), beside)
        self._once(storm)

    def end(self) -> None:
        at = clock.database_now()
        for incident in self._mine().open():
            resolve(incident, by=self.driver, at=at)
            self.tell(f"OVER  #{incident.pk}")

    def _in_time(self, alert: Alert, incident: Incident) -> None:
        took = self._first(incident) - alert.received_at
        self.tell(f"PAGED  the other cause after {took.total_seconds():.1f} s")
        if took > IN_TIME:
            raise Refused(_("The page of another cause came too late."))

    def _once(self, incident: Incident) -> None:
        pages = _pages(incident).values("recipient", "channel", "address")
        counted = pages.annotate(times=Count("pk"))
        if any(row["times"] > 1 for row in counted):
            raise Refused(_("Somebody was called more than once."))
        self.tell(f"CALLED  {len(counted)} ways, nobody twice")

    def _incident(self, title: str) -> Incident:
        found: list[Incident] = list(self._mine().filter(title=title))
        if len(found) != 1:
            raise Refused(_("%(count)d incidents instead of one.") % {"count": len(found)})
        return found[0]

    def _mine(self) -> Any:
        return Incident.objects.filter(
            drill=True, detected_at__gte=self.began, title__in=TITLES.values()
        )

    def _first(self, incident: Incident) -> Any:
        sent = _pages(incident).filter(state=State.SENT).order_by("sent_at")
        return sent.values_list("sent_at", flat=True).first()

    def _until(self, done: Callable[[], bool]) -> None:
        while not done():
            if clock.database_now() > self.began + WITHIN:
                raise Refused(_("It has not ended within %(time)s.") % {"time": WITHIN})
            self.between()


@contextmanager
def _door() -> Iterator[str]:
    """A sender of drills, which nobody can use when the game is over."""
    sender = Integration.objects.filter(name=NAME).first() or Integration(
        source="generic", name=NAME
    )
    token = sender.new_token()
    sender.enabled = sender.drill = True
    sender.save()
    try:
        yield f"{settings.BASE_URL}/ingest/generic/{token}/"
    finally:
        _over(sender)


def put_back() -> None:
    for sender in Integration.objects.filter(name=NAME):
        _over(sender)


def _over(sender: Integration) -> None:
    firing = sender.alerts.open().values_list("key", flat=True)
    ends = [Signal(key=key, title="", resolved=True) for key in firing]
    store(sender, b"{}", ends, at=clock.database_now())
    Integration.objects.filter(pk=sender.pk).update(enabled=False)


def _alert(group: str, place: int) -> bytes:
    said = {
        "title": TITLES[group],
        "severity": "P1",
        "service": "wallet",
        "group": f"drill-{group}",
        "key": f"{group} {place}",
    }
    return json.dumps(said).encode()


def _sent(address: str, body: bytes) -> bool:
    headers = {"Content-Type": "application/json"}
    try:
        return http.call("POST", address, headers=headers, body=body, seconds=10.0, trusted=True).ok
    except http.Unreachable:
        return False


def _pages(incident: Incident) -> Any:
    """Of all rounds: within one the table itself lets nobody be called twice."""
    return Delivery.objects.about(incident.topic).filter(lane=Lane.PAGE)
