"""Where in a JSON answer a number is: `data.wallets[0].balance`, `rows.length`, `a["b.c"]`."""

import re
from typing import Any, Final

STEP: Final = re.compile(r"""\.?([^.\[\]"]+)|\[(-?\d+)\]|\["((?:[^"\\]|\\.)*)"\]""")
LENGTH: Final = "length"
LONGEST: Final = 50  # digits; more is no number that anybody measures

Path = list[str | int]


class NotThere(LookupError):
    """There is nothing by that path, or no number; `place` is how far it led."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place


def parsed(text: str) -> Path:
    """`ValueError` for what is no path; "" is the answer itself."""
    steps: Path = []
    at = 0
    while at < len(text):
        found = STEP.match(text, at)
        if found is None or (at == 0 and text[0] == "."):
            raise ValueError(text[at:])
        name, index, quoted = found.groups()
        steps.append(
            int(index) if index else name if name is not None else quoted.replace('\\"', '"')
        )
        at = found.end()
    return steps


def number_at(answer: Any, path: Path) -> float:
    """true and false are 1 and 0, a text that is a number counts as it. Raises NotThere."""
    value, way = answer, ""
    for step in path:
        way += f"[{step}]" if isinstance(step, int) else f".{step}" if way else step
        value = _inside(value, step, way)
    if isinstance(value, str) and len(value) <= LONGEST:
        try:
            return float(value)
        except ValueError:
            raise NotThere(way) from None
    if not isinstance(value, int | float):
        raise NotThere(way)
    try:
        return float(value)
    except OverflowError:
        raise NotThere(way) from None


def _inside(value: Any, step: str | int, way: str) -> Any:
    if isinstance(value, dict) and step in value:
        return value[step]
    if isinstance(value, list) and isinstance(step, int) and -len(value) <= step < len(value):
        return value[step]
    if step == LENGTH and isinstance(value, dict | list):
        return len(value)
    raise NotThere(way)
