"""A program of the bench, under way in another process: an order in, what came of it out."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from config.children import BASE

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Result = TypeVar("Result")


class Going(Generic[Result]):
    """`module` reads the order as JSON and answers with what makes the result."""

    def __init__(self, module: str, order: DataclassInstance, result: type[Result]) -> None:
        self._result = result
        self._child = subprocess.Popen(  # noqa: S603 - a module of the bench
            [sys.executable, "-m", module],
            cwd=BASE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        if self._child.stdin:
            self._child.stdin.write(json.dumps(asdict(order)))
            self._child.stdin.close()

    @property
    def is_over(self) -> bool:
        return self._child.poll() is not None

    def stop(self) -> Result:
        """Send nothing more; what is on its way is still answered."""
        self._child.terminate()
        return self.outcome()

    def outcome(self) -> Result:
        said = self._child.stdout.read() if self._child.stdout else ""
        self._child.wait()
        found: dict[str, Any] = json.loads(said)
        return self._result(**found)
