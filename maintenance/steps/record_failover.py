"""Writes down that a site has taken over: which one serves now, how long it took and how much was lost, against the targets."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy

from core.told import Told as _
from integrations.pg_replicas import place_of
from maintenance.domain.continuity.wording import length, ranged
from maintenance.models import ContinuityTargets
from maintenance.services.failing_over import copy_of, record
from runbooks.domain.writing import Wrong, at, only
from runbooks.models import Run
from runbooks.recovering import texts
from runbooks.step import Kind, Result, Work, steps

NAMES = ("left", "to", "writes_at", "last", "place", "fenced", "fenced_at")


@steps.register("record_failover")
class RecordFailover(Kind):
    """`left`, `to`: databases; `fenced`: whether the old one was told to stop, at `fenced_at`. One row: took, lost, late, much."""

    label = gettext_lazy("Record failover")
    provable = True  # once a run

    def check(self, settings: Mapping[str, Any]) -> None:
        only(settings, NAMES, "record_failover")
        texts(settings, "left", "to")

    def reads_only(self, settings: Mapping[str, Any]) -> bool:
        return False

    def foretell(self, settings: Mapping[str, Any]) -> str:
        return f"{settings['left']} → {settings['to']}"

    def run(self, work: Work) -> Result:
        given = work.settings
        run = Run.objects.select_related("incident").get(pk=work.run)
        found = {
            "writes_at": _moment(given["writes_at"], "writes_at"),
            "last": _moment(given["last"], "last") if given["last"] else None,
            "place": place_of(given["place"]),
            "fenced_at": _moment(given["fenced_at"], "fenced_at")
            if given["fenced"] is True
            else None,
        }
        kept = record(run, copy_of(given["left"]), copy_of(given["to"]), found=found, at=work.at)
        targets = ContinuityTargets.now()
        took, lost = kept.known.took, kept.known.lost
        row = {
            "site": str(kept.to), "took": ranged(took), "rto": length(targets.rto),
            "late": took.most > targets.rto, "lost": ranged(lost) if lost else "?",
            "rpo": length(targets.rpo), "much": lost is None or lost.most > targets.rpo,
        }  # fmt: skip
        text = _("%(site)s serves. Without writes: %(took)s; lost: %(lost)s.", **{name: row[name] for name in ("site", "took", "lost")})  # fmt: skip
        return Result.done(text, rows=[row], facts=row)


def _moment(given: Any, place: str) -> datetime:
    """Raises Wrong."""
    try:
        return datetime.fromisoformat(str(given))
    except ValueError as error:
        raise Wrong(at(place, _("a moment"))) from error
