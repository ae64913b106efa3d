"""Who reads alerts and pages dies at each point of the way: the next one goes on, and nothing is lost or sent twice.

A point is just after something is written or committed, and just before and after something is sent.
"""

import os
import re
import signal
import socket
from collections import Counter
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.db import connection, connections

from core import clock
from incidents import services
from incidents.models import Incident
from monitoring.domain.alerts import Signal
from monitoring.services import add_integration, store
from notifications.models import Delivery, Lane, State
from notifications.outbox import send_one
from notifications.registry import channels
from tests.notifications.conftest import running_sandbox, sandbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(420)]
__all__ = ["running_sandbox", "sandbox"]

WRITE = re.compile(r'\s*(INSERT INTO|UPDATE|DELETE FROM) "?(\w+)')
TELLING = {"email", "voice", "webhook"}  # sent again under the same key; the others are asked first


class Death:
    """Knows each point by a name; at its point, the first time it comes there, it kills its process."""

    def __init__(self, *, at: str = "", book: Path | None = None) -> None:
        self.at, self.book, self.commits = at, book, 0

    def lie_in_wait(self) -> None:
        connection.ensure_connection()
        connection.execute_wrappers.append(self._written)
        connection._commit = partial(self._committed, connection._commit)
        for name in ("send", "sendall"):
            setattr(socket.socket, name, self._sending(getattr(socket.socket, name)))

    def _written(self, execute, sql, params, many, context):
        done = execute(sql, params, many, context)
        if found := WRITE.match(sql):
            self._point(f"{found[1]} {found[2]}")
        return done

    def _committed(self, commit):
        commit()
        self.commits += 1
        self._point(f"commit {self.commits}")

    def _sending(self, real):
        def sent(line, data, *rest):
            words = bytes(data[:60]).split()[:2]
            name = " ".join(word.decode(errors="replace")[:40] for word in words)
            self._point(f"before {name}")
            done = real(line, data, *rest)
            self._point(f"after {name}")
            return done

        return sent

    def _point(self, name: str) -> None:
        if self.book:
            with self.book.open("a") as book:
                book.write(f"{name}\n")
        if name == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


def work() -> None:
    """A tick and the page lane, in one thread: what comes when does not depend on chance."""
    while services.take_in(at=clock.now()):
        pass
    while any(send_one(channel, [Lane.PAGE]) for channel in channels):
        pass


def live(death: Death) -> int:
    """A worker's life in a process of its own; how it ended."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            death.lie_in_wait()
            work()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def next_life() -> None:
    """The lease of whoever died is over."""
    Delivery.objects.filter(state=State.LEASED).update(due_at=clock.now() - timedelta(minutes=1))
    work()


def fire(sender, name: str) -> None:
    said = Signal(
        key=name, title=f"출금 {name}", group=name, severities=["P1"], service="withdrawals"
    )
    store(sender, b"{}", [said], at=clock.now())


def test_killed_at_each_point_of_its_way_every_page_goes_out_and_none_goes_twice_unmarked(
    seeded,
    sandbox,
    tmp_path,
    tell,
):
    sender, book = add_integration("generic", name="probe")[0], tmp_path / "points"
    fire(sender, "rehearsal")
    assert live(Death(book=book)) == 0
    wanted = {(one["channel"], one["to"]) for one in sandbox.inbox(containing="rehearsal")}
    points = [*dict.fromkeys(book.read_text().splitlines())]

    repeats = Counter[str]()
    for number, point in enumerate(points):
        name = f"fire-{number:03d}"
        fire(sender, name)
        assert live(Death(at=point)) == -signal.SIGKILL, point
        next_life()

        came = sandbox.inbox(containing=name)
        assert {(one["channel"], one["to"]) for one in came} == wanted, point
        twice = [one for one in came if one["duplicate"]]
        assert len(came) - len(wanted) == len(twice) <= 1, point
        assert {one["channel"] for one in twice} <= TELLING, point
        repeats.update(one["channel"] for one in twice)
        assert Incident.objects.filter(title__contains=name).count() == 1, point
        assert not Delivery.objects.filter(
            state__in=[State.PENDING, State.LEASED], lane=Lane.PAGE
        ).exists()

    tell(f"dead at {len(points)} points; {len(wanted)} pages each; repeated {dict(repeats)}")
    assert len(points) > 30
