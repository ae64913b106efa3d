"""A kind of action for tests: its effect is one line in a file, so that doing it twice shows."""

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from runbooks.domain.actions import Caps, Limits, Outcome
from runbooks.models import Action
from runbooks.registry import actions
from runbooks.tasks import tick

NAME = "tests.write"
FREE = Limits(Caps(100, 250, 1_000), valid_for=timedelta(hours=1))


class Writing:
    """`parameters`: file; slow (s before and after the line); fails: "before" or "after"."""

    label = "Write a line"
    limits = FREE

    def describe(self, action: Action) -> str:
        return f"write {action.key}"

    def execute(self, action: Action) -> Outcome:
        given: dict[str, Any] = action.parameters
        time.sleep(given.get("slow", 0))
        if given.get("fails") == "before":
            return Outcome.failed("no paper")
        with Path(given["file"]).open("a") as file:
            file.write(f"{action.key}\n")
        if given.get("fails") == "after":
            raise RuntimeError("nobody answered")
        time.sleep(given.get("slow", 0))
        return Outcome.confirmed("written", sun=given.get("costs"), line=action.key)

    def reconcile(self, action: Action) -> Outcome | None:
        if action.parameters.get("blind"):
            return None
        lines = written(Path(action.parameters["file"]))
        return Outcome.confirmed("found") if action.key in lines else Outcome.failed("not there")


def written(file: Path) -> list[str]:
    return file.read_text().split() if file.exists() else []


def work() -> None:
    """What is approved is carried out, as the tick does it."""
    registered()
    tick()


def registered() -> None:
    if NAME not in actions:
        actions.register(NAME)(Writing)
