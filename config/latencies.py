"""How long each page and address of the portal takes, counted by each web process and stored each minute.

A request adds to three numbers in memory. A thread of its own stores them, so that nobody's page waits
for it, and nothing is asked of a database that is away but once a minute.
"""

import logging
import threading
from collections.abc import Callable
from time import perf_counter
from typing import Final

from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from core import clock
from maintenance.domain.slowness import Spell
from maintenance.services.timing import add_requests

EVERY: Final = 60.0  # seconds
METHODS: Final = {"GET", "POST", "PUT", "PATCH", "DELETE"}  # any other word may be anything
log = logging.getLogger(__name__)

Handler = Callable[[HttpRequest], HttpResponseBase]


class Tally:
    def __init__(self) -> None:
        self.lock, self.spells = threading.Lock(), dict[str, Spell]()
        self.thread: threading.Thread | None = None

    def note(self, route: str, seconds: float) -> None:
        with self.lock:
            if (spell := self.spells.get(route)) is None:
                spell = self.spells[route] = Spell()
            spell.requests += 1
            spell.seconds += seconds
            spell.slowest = max(spell.slowest, seconds)

    def take(self) -> dict[str, Spell]:
        with self.lock:
            taken, self.spells = self.spells, {}
        return taken

    def store_by_itself(self) -> None:
        """From the first request of a process on: one that is forked off takes no thread along."""
        if self.thread is None:
            with self.lock:
                if self.thread is None:
                    self.thread = threading.Thread(target=self._live, daemon=True)
                    self.thread.start()

    def _live(self) -> None:
        pause = threading.Event()
        while not pause.wait(EVERY):
            self.store()

    def store(self) -> None:
        """What cannot be stored is let go: a minute of figures is worth no memory."""
        if not (taken := self.take()):
            return
        try:
            add_requests(taken, at=clock.now())
        except DatabaseError as error:
            log.warning("How long %s routes took cannot be stored: %s", len(taken), error)
        finally:
            connection.close()


tally: Final = Tally()


class Timed:
    """Around all other middleware, so that theirs counts too."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = perf_counter()
        response = self.get_response(request)
        # What no route answers was no page of ours, and has as many addresses as a stranger likes.
        if (match := request.resolver_match) and request.method in METHODS:
            tally.note(f"{request.method} /{match.route}", perf_counter() - began)
        return response
