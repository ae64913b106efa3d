"""The threads that run steps: one for each, so that one that takes long delays no other.

Their leases are renewed from here while they live. A thread that outlives its timeout by far is left alone: its
lease ends, and what it was at is judged as if its process had died.
"""

import logging
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import close_old_connections, connections

from core import clock
from core.nudge import nudge
from core.patience import patient
from runbooks import services
from runbooks.domain.writing import Wrong
from runbooks.services.advancing import LEASE, Claim
from runbooks.services.starting import TICK
from runbooks.step import Result, steps

log = logging.getLogger(__name__)

AT_ONCE: Final = 32  # steps in this process
GRACE: Final = 30.0  # seconds beyond its timeout
RENEWED: Final = LEASE.total_seconds() / 3


@dataclass(frozen=True)
class Running:
    claim: Claim
    until: float


class Crew:
    def __init__(self) -> None:
        self._running: dict[uuid.UUID, Running] = {}  # by lease
        self._reserved = 0  # places for what is being claimed now
        self._turned_away = False
        self._guard = threading.Lock()
        self._keeper: threading.Thread | None = None

    def advance(self, run: int) -> None:
        """Claim what may begin now of this run, and set it to work."""
        most = self._reserve()
        claims: list[Claim] = []
        try:
            claims = services.claim(run, at=clock.database_now(), most=most)
        finally:
            self._taken(most, claims)
        for claim in claims:
            self._start(claim)

    def _reserve(self) -> int:
        """All places that are free: whoever else claims meanwhile finds none."""
        with self._guard:
            most = AT_ONCE - len(self._running) - self._reserved
            self._turned_away = self._turned_away or (most == 0 < self._reserved)
            self._reserved += most
            return most

    def _taken(self, most: int, claims: Sequence[Claim]) -> None:
        """Its places are the claims' now; whoever was turned away for those that are left comes again."""
        now = time.monotonic()
        with self._guard:
            self._reserved -= most
            for claim in claims:
                until = now + claim.work.seconds + GRACE
                self._running[claim.lease] = Running(claim, until)
            again = self._turned_away and most > len(claims)
            self._turned_away = self._turned_away and not again
            if self._running and (self._keeper is None or not self._keeper.is_alive()):
                self._keeper = threading.Thread(target=self._keep, name="leases", daemon=True)
                self._keeper.start()
        if again:
            nudge(TICK)

    def _start(self, claim: Claim) -> None:
        name = f"step {claim.step.pk}"
        threading.Thread(target=self._work, args=[claim], name=name, daemon=True).start()

    def _work(self, claim: Claim) -> None:
        try:
            close_old_connections()
            self._finish(claim, outcome(claim))
            self.advance(claim.step.run_id)
        except Exception:  # the rows are still there: the next tick goes on with them
            log.exception("step %s of run %s", claim.step.pk, claim.step.run_id)
        finally:
            self._forget(claim)
            connections.close_all()

    def _finish(self, claim: Claim, result: Result) -> None:
        @patient
        def finish() -> bool:
            return services.finish(claim, result, at=clock.database_now())

        if not finish():
            log.warning("step %s took longer than its lease", claim.step.pk)
        self._forget(claim)

    def _forget(self, claim: Claim) -> None:
        with self._guard:
            self._running.pop(claim.lease, None)

    def _keep(self) -> None:
        while leases := self._living():
            try:
                patient(services.renew)(leases)
            except Exception:
                log.exception("leases of steps")
            time.sleep(RENEWED)
        connections.close_all()

    def _living(self) -> Sequence[uuid.UUID]:
        """The keeper goes with the last, under the same lock by which the next one is begun."""
        with self._guard:
            now = time.monotonic()
            leases = [one.claim.lease for one in self._running.values() if one.until > now]
            if not leases:
                self._keeper = None
            return leases


def outcome(claim: Claim) -> Result:
    """What is not known to have failed is not known: only what reads may fail by an exception."""
    kind = steps[claim.step.kind]
    try:
        return kind.run(claim.work)
    except Wrong as wrong:  # its settings: nothing has begun
        return Result.failed(wrong)
    except Exception as error:
        log.exception("step %s of run %s (%s)", claim.step.pk, claim.step.run_id, claim.step.kind)
        text = f"{type(error).__name__}: {error}"
        reads = kind.reads_only(claim.work.settings)
        return Result.failed(text) if reads else Result.unknown(text)


crew: Final = Crew()
