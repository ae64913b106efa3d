"""What the terminal shows while things start: short lines, each with the time since the start."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field

SEEDED = "seed: "  # what prepare writes before a line of the seeds

Say = Callable[[str], None]


@dataclass
class Telling:
    started: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    def __call__(self, text: str) -> None:
        self.plainly(f"{self.seconds:7.1f} s  {text}")

    def plainly(self, text: str) -> None:
        """A terminal that went away must not bring the house down."""
        with contextlib.suppress(OSError):
            print(text, flush=True)  # noqa: T201
