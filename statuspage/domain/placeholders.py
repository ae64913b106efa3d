"""Gaps in prepared words: names and times, and no more. What people wrote is never a program."""

import re
from collections.abc import Mapping
from typing import Final

from statuspage.domain.phases import PHASES, Kind

COMPONENTS: Final = "components"
BEGIN: Final = "begin"  # of a maintenance, and its end; or both at once
END: Final = "end"
TIMES: Final = "times"
PLANNED: Final = frozenset({BEGIN, END, TIMES})
GAP: Final = re.compile(r"\{(\w+)\}")


def filled(text: str, values: Mapping[str, str]) -> str:
    """What is not known stays as it was written, and what is put in is not looked at again."""
    return GAP.sub(lambda gap: values.get(gap[1]) or gap[0], text)


def unknown(text: str, phase: str | None = None) -> set[str]:
    """Only a maintenance has planned times. Without a phase: what is never known."""
    planned = phase is None or phase in PHASES[Kind.MAINTENANCE]
    known = {COMPONENTS, *(PLANNED if planned else ())}
    return {name for name in GAP.findall(text) if name not in known}
