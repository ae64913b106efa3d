"""What a step of a runbook can do: kinds, each one file in `runbooks.steps`."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Self

from django.utils.functional import Promise

from core.registry import Registry
from core.told import Told
from core.told import Told as _
from runbooks.domain.writing import Wrong

Words = str | Told | Exception  # put into words when it is kept, in each language


class Came(StrEnum):
    """What came of running a step once."""

    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"  # it may have happened
    AGAIN = "again"  # not yet: look once more later
    ASKS = "asks"  # a person has to say how it goes on


@dataclass(frozen=True)
class Result:
    came: Came
    text: Words = ""  # one line: why it failed, or what was found
    output: str = ""  # what was printed
    rows: Sequence[Mapping[str, Any]] = ()  # what was read, for findings
    facts: Mapping[str, Any] = field(default_factory=dict)  # for the steps after it
    later: timedelta = timedelta(0)  # AGAIN: after so long

    @classmethod
    def done(cls, text: Words = "", **more: Any) -> Self:
        return cls(Came.DONE, text, **more)

    @classmethod
    def failed(cls, text: Words, **more: Any) -> Self:
        return cls(Came.FAILED, text, **more)

    @classmethod
    def unknown(cls, text: Words, **more: Any) -> Self:
        return cls(Came.UNKNOWN, text, **more)

    @classmethod
    def again(cls, later: timedelta, text: Words = "", **more: Any) -> Self:
        return cls(Came.AGAIN, text, later=later, **more)


@dataclass(frozen=True)
class Work:
    """One step to run now, its placeholders filled."""

    run: int
    step: int  # its row
    key: str  # the same whenever this attempt is made again: its name towards whoever knows keys
    settings: Mapping[str, Any]
    timeout: timedelta
    began_at: datetime  # when it was first begun
    at: datetime
    again: bool = False  # whoever ran this attempt before died in the middle
    remembered: Mapping[str, Any] = field(default_factory=dict)
    # Kept before it goes on; raises when somebody else is at it by now.
    remember: Callable[[Mapping[str, Any]], None] = lambda _facts: None

    @property
    def seconds(self) -> float:
        return self.timeout.total_seconds()

    @property
    def ends_at(self) -> datetime:
        return self.began_at + self.timeout


class Kind(ABC):
    """`provable`: run again under the same key it finds out what became of the first time, and does not do it twice."""

    label: ClassVar[Promise | str]
    timeout: ClassVar[timedelta] = timedelta(seconds=30)
    provable: ClassVar[bool] = False
    holding: ClassVar[bool] = False  # it has steps within, and does nothing itself
    dangerous: ClassVar[bool] = False  # whatever its step says

    @abstractmethod
    def check(self, settings: Mapping[str, Any]) -> None:
        """Of a runbook as it is loaded; placeholders are not filled yet. Raises Wrong."""

    @abstractmethod
    def reads_only(self, settings: Mapping[str, Any]) -> bool:
        """Whether it changes nothing anywhere."""

    @abstractmethod
    def foretell(self, settings: Mapping[str, Any]) -> str:
        """Exactly what it would do, for a dry run; it asks nobody outside."""

    @abstractmethod
    def run(self, work: Work) -> Result:
        """Within its timeout. An exception counts as unknown, unless the step only reads."""

    def takes_back(self, name: str, settings: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """What undoes the step of this name by its nature, as an `undo` is written; None where nothing does."""
        return None

    def answered(self, work: Work, answer: Mapping[str, Any]) -> Result:
        """What a person's answer makes of it, where it asked. Raises Wrong."""
        raise Wrong(_("Nothing was asked."))


steps: Registry[Kind] = Registry("runbooks.steps")
