"""Flaws of backups as findings of a job, in the words that the page of backups has for them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from maintenance.domain.flaws import Flaw
from maintenance.job import Finding, Job, Level
from maintenance.models import BackupPlan
from maintenance.services.watching_backups import GROUP
from maintenance.words.backups import LENGTHS, duration, sentence


class OfBackups(Job):
    group = GROUP  # what is wrong with a backup has raised an alert of its own already

    def said(self, code: str, facts: Mapping[str, Any]) -> str:
        if code == "flaw":
            return f"{facts['plan']}: {sentence(Flaw.of(facts['flaw']))}"
        lengths = {
            name: duration(timedelta(seconds=facts[name])) for name in facts.keys() & set(LENGTHS)
        }
        return super().said(code, {**facts, **lengths})


def finding_of(plan: BackupPlan, flaw: Flaw) -> Finding:
    return Finding("flaw", {"plan": plan.name, "flaw": flaw.kept()}, Level.BAD)
