"""The contract of a job: one file in `maintenance/jobs/` for each kind of routine work."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from maintenance.domain.periods import Frequency

Words = Promise | str
OF_ALL: Final[Mapping[str, Words]] = {"more": _("%(count)s more are not kept.")}


class Level(StrEnum):
    FINE = "fine"
    NOTE = "note"  # worth reading, nobody's fault
    BAD = "bad"  # one such finding, and the run has failed


@dataclass(frozen=True)
class Finding:
    """A code of the job's `words` and what is said with it: each reader reads it in their language."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    level: Level = Level.FINE


@dataclass(frozen=True)
class Outcome:
    findings: Sequence[Finding]
    figures: Mapping[str, float] = field(default_factory=dict)  # by a key of the job's `figures`
    evidence: Mapping[str, Any] = field(default_factory=dict)  # as JSON: what it was judged by

    @property
    def failed(self) -> bool:
        return any(found.level is Level.BAD for found in self.findings)


@dataclass(frozen=True)
class Figure:
    """A number of each run, drawn over the runs."""

    label: Words
    unit: str = ""  # as core.charts.units says it


class Job(ABC):
    """Work that a machine does by itself, again and again. Without state."""

    title: ClassVar[Words]
    purpose: ClassVar[Words]  # one sentence
    frequency: ClassVar[Frequency]
    hour: ClassVar[time] = time(3)  # until somebody sets another one in the console
    severity: ClassVar[str] = "P3"  # likewise, of the alert when it fails
    group: ClassVar[str] = (
        ""  # of that alert; its own unless it is to share an incident with others
    )
    limit: ClassVar[timedelta] = timedelta(minutes=10)  # then its process is killed
    # Who may not sign in safely, and where a door stands open, is nothing for viewers, nor for alerts.
    confidential: ClassVar[bool] = False
    words: ClassVar[Mapping[str, Words]]  # by the code of a finding
    # By the name of a fact whose values are words: each as people say it.
    spoken: ClassVar[Mapping[str, Mapping[str, Words]]] = {}
    figures: ClassVar[Mapping[str, Figure]] = {}

    def said(self, code: str, facts: Mapping[str, Any]) -> str:
        """Raises KeyError for a code, or a fact, that an older version wrote."""
        words = {
            name: says[facts[name]] for name, says in self.spoken.items() if facts.get(name) in says
        }
        return str({**OF_ALL, **self.words}[code] % {**facts, **words})

    @abstractmethod
    def run(self, *, at: datetime) -> Outcome:
        """In a process of its own, outside any transaction. What it raises is a failure with that text.

        It may be killed at any moment and is then begun anew: it changes nothing that cannot be
        done twice.
        """
