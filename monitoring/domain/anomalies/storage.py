"""A detector as bytes: every number exactly, so that a restart changes no later judgement."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

NUMBER, COUNT = np.dtype("<f8"), np.dtype("<u4")
Numbers = npt.NDArray[np.float64]
Counts = npt.NDArray[np.uint32]


class UnknownState(ValueError):
    """Written by another version: begin afresh."""


class Pen:
    def __init__(self, heading: bytes) -> None:
        self._parts = [heading]

    def numbers(self, values: Iterable[float]) -> None:
        self._array(np.asarray(values if isinstance(values, np.ndarray) else list(values), NUMBER))

    def counts(self, values: Counts) -> None:
        self._array(values.astype(COUNT))

    def _array(self, values: npt.NDArray[np.generic]) -> None:
        self._parts += [len(values).to_bytes(4, "little"), values.tobytes()]

    @property
    def written(self) -> bytes:
        return b"".join(self._parts)


class Page:
    """Reads in the order in which a pen wrote."""

    def __init__(self, written: bytes, heading: bytes) -> None:
        if not written.startswith(heading):
            raise UnknownState(f"state begins with {written[: len(heading)]!r}, not {heading!r}")
        self._written, self._at = written, len(heading)

    def numbers(self) -> list[float]:
        return [float(value) for value in self._array(NUMBER)]

    def array(self) -> Numbers:
        return self._array(NUMBER).astype(np.float64)

    def counts(self) -> Counts:
        return self._array(COUNT).astype(np.uint32)

    @property
    def rest(self) -> bytes:
        return self._written[self._at :]

    def _array(self, kind: np.dtype[np.generic]) -> npt.NDArray[np.generic]:
        start = self._at + 4
        length = int.from_bytes(self._written[self._at : start], "little")
        self._at = start + length * kind.itemsize
        if self._at > len(self._written):
            raise UnknownState("state is cut short")
        return np.frombuffer(self._written, kind, length, start)
