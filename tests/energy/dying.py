"""A worker that is killed by SIGKILL between two lines of its work, where nobody outside could time it.

Its points are just before and just after a row is written, a transaction is committed, and something is
sent to a node, a market, the wallet service or the signer. From some moment on it dies at each by chance,
the more likely the fewer have died there: so deaths come to all, and not only to where most time goes.
"""

import os
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final

from django.db import connection

from energy.domain.settlement import State
from energy.services import settling
from integrations import tron

EAGER: Final = 0.5  # how likely where fewest have died, at what has effects outside
SHY: Final = 0.08  # elsewhere: it comes before, and nothing else would be reached
LIVES: Final = 0.1  # seconds of a processor at most, before any of it
EFFECTS: Final = ("actions.", "services.buying.", "services.moving.", "services.settling.")
WRITES: Final = ("INSERT", "UPDATE", "DELETE")
WORK: Final = ("energy.services", "energy.actions", "runbooks.services")
ONLY_LOOKS: Final = ("energy.services.watching", "energy.services.telling")
# Of the way of a transaction: before or after which call, and what its row says then.
POINTS: Final = {
    "planned": ("before", tron, "sign", State.PLANNED),
    "signed in memory": ("after", tron, "sign", State.PLANNED),
    "signed and committed": ("before", tron.Node, "broadcast", State.SIGNED),
    "broadcast": ("after", tron.Node, "broadcast", State.SIGNED),
    "sent and committed": ("after", settling, "_send", State.SENT),
}


def begin(epitaph: Path, seed: int, deaths: Mapping[str, int]) -> None:
    """From here on, in this process."""
    Fate(epitaph, Random(seed), deaths).lie_in_wait()


def at(point: str, epitaph: Path) -> None:
    """Exactly there, the first time that it comes by."""
    when, owner, name, _state = POINTS[point]
    real = getattr(owner, name)

    def last(*given: Any, **named: Any) -> None:
        try:
            if when == "after":
                real(*given, **named)
        finally:
            epitaph.write_text(point)
            os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, name, last)


class Fate:
    def __init__(self, epitaph: Path, chance: Random, deaths: Mapping[str, int]) -> None:
        self.epitaph, self.chance, self.deaths = epitaph, chance, deaths
        self.begins = time.process_time() + chance.random() * LIVES
        self.wrote = False  # since the last commit
        self.usual = max(1.0, sum(deaths.values()) / max(1, len(deaths)))

    def lie_in_wait(self) -> None:
        connection.execute_wrappers.append(self._written)
        connection._commit = partial(self._committed, connection._commit)
        for name in ("send", "sendall"):
            real: Callable[..., Any] = getattr(socket.socket, name)
            setattr(socket.socket, name, self._sending(real))

    def _written(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        verb, _quote, rest = sql.partition('"')
        if not verb.startswith(WRITES):
            return execute(sql, params, many, context)
        what = verb + rest.partition('"')[0]
        self.wrote = True
        return self._around(what, execute, sql, params, many, context)

    def _committed(self, commit: Callable[[], Any]) -> Any:
        if not self.wrote:
            return commit()
        self.wrote = False
        return self._around("commit", commit)

    def _sending(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def sent(*given: Any) -> Any:
            return self._around("sending", real, *given)

        return sent

    def _around(self, what: str, act: Callable[..., Any], *given: Any) -> Any:
        self._point("before", what)
        done = act(*given)
        self._point("after", what)
        return done

    def _point(self, when: str, what: str) -> None:
        if time.process_time() < self.begins or (step := _step()) is None:
            return
        words = f"{step}, {when} {what}"
        eager = EAGER if step.startswith(EFFECTS) else SHY
        if self.chance.random() < eager * self.usual / (self.usual + 3 * self.deaths.get(words, 0)):
            self.epitaph.write_text(words)
            os.kill(os.getpid(), signal.SIGKILL)


def _step() -> str | None:
    """The innermost function of the work; None for what only looks."""
    frame = sys._getframe(2)
    found = None
    while frame is not None:
        name = frame.f_globals.get("__name__", "")
        if name.startswith(ONLY_LOOKS):
            return None
        if found is None and name.startswith(WORK):
            found = f"{name.removeprefix('energy.')}.{frame.f_code.co_qualname}"
        frame = frame.f_back  # type: ignore[assignment]
    return found


def by_step(deaths: Mapping[str, int]) -> Counter[str]:
    """Whatever was being written or sent there."""
    found = Counter[str]()
    for words, times in deaths.items():
        found[words.partition(",")[0]] += times
    return found
