"""The bar a value must not pass, and the one it must come back over."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from monitoring.domain.rules.lasting import Grade
from monitoring.domain.rules.tracks import Floats


class BadRule(ValueError):
    """What is wrong, and with which parameter."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field, self.reason = field, reason


def number(params: Mapping[str, Any], name: str, usual: float | None = None) -> float:
    value = params.get(name, usual)
    if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
        raise BadRule(name, "not a number")
    return float(value)


def positive(params: Mapping[str, Any], name: str, usual: float | None = None) -> float:
    value = number(params, name, usual)
    if value <= 0:
        raise BadRule(name, "not more than zero")
    return value


NONE, CLEAR, BETWEEN, OVER = (np.int8(grade) for grade in Grade)


@dataclass(frozen=True, slots=True)
class Bar:
    limit: float
    above: bool = True
    clear: float | None = None  # None: as soon as the limit is not passed
    touching: bool = False  # the limit itself is over it already

    @classmethod
    def read(cls, params: Mapping[str, Any]) -> Self:
        above = params.get("above", True) is not False
        limit = number(params, "limit")
        clear = None if params.get("clear") is None else number(params, "clear")
        if clear is not None and (clear > limit if above else clear < limit):
            raise BadRule("clear", "on the wrong side of the limit")
        return cls(limit, above, clear)

    def grades(self, values: Floats) -> npt.NDArray[np.int8]:
        above, limit, clear = self.above, self.limit, self.clear
        if self.touching:
            over = values >= limit if above else values <= limit
        else:
            over = values > limit if above else values < limit
        grades = np.where(over, OVER, CLEAR)
        if clear is not None:
            between = values > clear if above else values < clear
            grades[between & ~over] = BETWEEN
        grades[np.isnan(values)] = NONE
        return grades
