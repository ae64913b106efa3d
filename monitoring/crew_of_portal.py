"""The crew of a process of the portal: its board are the rows of the checks."""

from collections.abc import Collection, Sequence
from typing import Final

from core import clock
from core.models import Heartbeat
from monitoring import services
from monitoring.crew import Board, Crew
from monitoring.domain.checks import Job, Outcome
from monitoring.services.keeping import TICK


class Rows(Board):
    """Several processes share them."""

    def claim(self, limit: int) -> Sequence[Job]:
        found = services.claim_checks(limit) if limit else []
        Heartbeat.objects.beat(TICK)
        return found

    def note(self, done: Sequence[tuple[Job, Outcome]]) -> None:
        services.note_runs(done, at=clock.database_now())

    def hold(self, checks: Collection[int]) -> None:
        services.hold_checks(checks)

    def release(self, checks: Collection[int]) -> None:
        services.release_checks(checks)


crew: Final = Crew(Rows())
