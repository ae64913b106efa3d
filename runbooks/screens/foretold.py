"""A dry run: of each step what exactly it would do, with the values given."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.bilingual import in_language
from runbooks import services
from runbooks.domain.runs import ALONE
from runbooks.models import Version
from runbooks.step import steps


@dataclass(frozen=True)
class Line:
    number: str
    depth: int
    title: str
    lane: str
    kind: str
    exactly: str
    dangerous: bool
    changes: bool


def told(version: Version, values: Mapping[str, Any]) -> list[Line]:
    """It asks nobody outside. Raises Refused."""
    found = []
    for one, exactly in services.foretold(version, values):
        step, kind = one.step, steps[one.step.kind]
        lanes = [lane for lane in one.path[1::2] if lane != ALONE]
        found.append(
            Line(
                ".".join(one.path[::2]), len(one.path) // 2,
                in_language(step.title.ko, step.title.en), ", ".join(lanes), str(kind.label), exactly,
                step.dangerous or kind.dangerous, not kind.reads_only(step.settings),
            )
        )  # fmt: skip
    return found
