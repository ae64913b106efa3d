"""Escalation: who is called, in which order, until enough have answered. Records in, moments out."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, Final

MOST: Final = 100  # calls of one plan, all its repetitions together


@dataclass(frozen=True)
class Step:
    """Whom one step calls: ids of people, teams and rotations, and addresses of machines."""

    wait: timedelta = timedelta(0)  # for an answer, before the next step
    severity_team: bool = False
    owners: bool = False
    contact: bool = False
    people: tuple[int, ...] = ()
    teams: tuple[int, ...] = ()
    rotations: tuple[int, ...] = ()
    slack: tuple[str, ...] = ()
    webhooks: tuple[str, ...] = ()

    @property
    def posts(self) -> bool:
        """Where nobody is who could answer or decline."""
        return bool(self.slack or self.webhooks)

    def __or__(self, other: "Step") -> "Step":
        """Whoever either of them calls, nobody named twice."""
        both = {
            field.name: _either(getattr(self, field.name), getattr(other, field.name))
            for field in fields(Step)
            if field.name != "wait"
        }
        return replace(self, **both)


@dataclass(frozen=True)
class Instead:
    """The team that a route names in place of the severity's and the owners of the services."""

    team: int
    alone: bool = True  # False: beside the severity's


@dataclass(frozen=True)
class Plan:
    steps: tuple[Step, ...]
    repeats: int = 0
    answers: int = 1  # how many people must answer before the calls stop
    lasts: timedelta | None = None  # how long an acknowledgement holds while nothing is done

    @property
    def calls(self) -> int:
        return min(MOST, len(self.steps) * (self.repeats + 1))

    def step(self, place: int) -> Step:
        return self.steps[place % len(self.steps)]

    def called(self, place: int) -> Step:
        """Whom the calls up to this one call, all together."""
        return reduce(or_, self.steps[: place + 1])

    def next_at(self, place: int, *, called_at: datetime) -> datetime | None:
        """When the call after this one is due; None after the last."""
        return called_at + self.step(place).wait if place + 1 < self.calls else None


def _either(one: Any, other: Any) -> Any:
    return tuple(dict.fromkeys(one + other)) if isinstance(one, tuple) else one or other


# What holds where no policy was chosen: the severity's team, at once.
AT_ONCE: Final = Plan((Step(severity_team=True),))


def course(plan: Plan, *, since: datetime) -> Iterator[tuple[int, datetime]]:
    """Every call of a plan that nobody answers, and when."""
    place, at = 0, since
    while True:
        yield place, at
        following = plan.next_at(place, called_at=at)
        if following is None:
            return
        place, at = place + 1, following


def as_json(plan: Plan) -> dict[str, Any]:
    """Seconds instead of spans, lists instead of tuples; what is left out is the default."""
    lasts = int(plan.lasts.total_seconds()) if plan.lasts else None
    return {
        "steps": [_stored(step) for step in plan.steps],
        "repeats": plan.repeats,
        "answers": plan.answers,
        "lasts": lasts,
    }


def _stored(step: Step) -> dict[str, Any]:
    said = {name: value for name, value in asdict(step).items() if value}
    lists = {name: list(value) for name, value in said.items() if isinstance(value, tuple)}
    return said | lists | {"wait": int(step.wait.total_seconds())}


def from_json(data: Mapping[str, Any]) -> Plan:
    lasts = data["lasts"]
    return Plan(
        tuple(map(_step, data["steps"])),
        data["repeats"],
        data["answers"],
        timedelta(seconds=lasts) if lasts else None,
    )


def _step(data: Mapping[str, Any]) -> Step:
    known = {field.name for field in fields(Step)}
    plain: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in data.items()
        if name in known
    }
    return Step(**(plain | {"wait": timedelta(seconds=data["wait"])}))
