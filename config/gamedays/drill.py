"""A drill: an incident of its own, on which runbooks are run and told step by step. A second person approves.

Everything is done by the workers that run anyway; here it is only begun, approved and watched.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from core import clock
from core.bilingual import in_language
from core.errors import Refused
from incidents.models import Incident
from incidents.services import declare, resolve
from maintenance.services.playing import only_the_sandbox
from runbooks import services
from runbooks.domain.actions import State as ActionState
from runbooks.domain.runs import OVER, RunState
from runbooks.models import Purpose, Run, Runbook, RunStep
from teams.models import User

WITHIN: Final = timedelta(minutes=5)  # of one run
Say = Callable[[str], None]


@contextmanager
def drill(title: str, severity: str, say: Say, between: Callable[[], None]) -> Iterator["Drill"]:
    """Raises Refused. However it ends, no run and no incident of it stays open."""
    only_the_sandbox()
    play = Drill(title, severity, say, between)
    try:
        yield play
    finally:
        play.end()


class Drill:
    def __init__(self, title: str, severity: str, say: Say, between: Callable[[], None]) -> None:
        self.say, self.between = say, between
        self.driver, self.second = commanders()
        self.began = clock.database_now()
        self.incident: Incident = declare(
            title, severity=severity, by=self.driver, at=self.began, drill=True
        )
        self.tell(f"DRILL  #{self.incident.pk}  {title}")

    def tell(self, words: str) -> None:
        passed = int((clock.database_now() - self.began).total_seconds())
        self.say(f"{passed // 60:02}:{passed % 60:02}  {words}")

    def run(self, key: str, **inputs: Any) -> Run:
        """To its end. Raises Refused when it stops, or takes too long."""
        book = Runbook.objects.select_related("current").filter(key=key).first()
        if book is None or book.current is None:
            raise Refused(_("There is no runbook %(key)s.") % {"key": key})
        run = services.start(
            book.current, inputs, by=self.driver, at=clock.database_now(), incident=self.incident,
            purpose=Purpose.DRILL,
        )  # fmt: skip
        self.tell(f"RUN {run.pk}  {key}")
        told: dict[int, str] = {}
        while self._look(run, told) not in OVER:
            if run.state == RunState.STOPPED or clock.database_now() > run.started_at + WITHIN:
                state = run.get_state_display()
                raise Refused(_("%(runbook)s: %(state)s") % {"runbook": key, "state": state})
            self.between()
        self.tell(f"RUN {run.pk}  {run.state}")
        return run

    def until(self, done: Callable[[], bool]) -> None:
        """Raises Refused."""
        began = clock.database_now()
        while not done():
            if clock.database_now() > began + WITHIN:
                raise Refused(_("It has not ended within %(time)s.") % {"time": WITHIN})
            self.between()

    def end(self) -> None:
        at = clock.database_now()
        for run in Run.objects.filter(incident=self.incident).open():
            services.abort(run, by=self.driver, at=at, reason=str(_("The drill is over.")))
        resolve(self.incident, by=self.driver, at=at)
        self.tell(f"OVER  #{self.incident.pk}")

    def _look(self, run: Run, told: dict[int, str]) -> str:
        run.refresh_from_db()
        for step in run.steps.filter(holds=False).select_related("action").order_by("position"):
            if told.get(step.pk) != step.state and step.state not in ("pending", "running"):
                told[step.pk] = step.state
                self._tell_step(step)
            if step.action is not None and step.action.state == ActionState.PROPOSED:
                services.approve(step.action, by=self.second, at=clock.database_now())
                self.tell(f"  {step.path:<12} approved by {self.second}")
        return run.state

    def _tell_step(self, step: RunStep) -> None:
        took = ""
        if step.began_at and step.ended_at:
            took = f"{(step.ended_at - step.began_at).total_seconds():.1f} s"
        self.tell(
            f"  {step.path:<12} {step.state:<8} {took:>7}  {step.title}  {step.text}".rstrip()
        )
        for one in step.said:
            self.tell(
                f"  {'':<12} {'!' if one['grave'] else '-'} {in_language(one['ko'], one['en'])}"
            )


def sentences(run: Run, name: str) -> list[str]:
    """What a step of this name said, in all its lanes, in English."""
    steps = run.steps.filter(name=name).order_by("position")
    return [one["en"] for step in steps for one in step.said]


def must_say(run: Run, name: str, *words: str) -> None:
    """Raises Refused when no sentence of that step has these words."""
    if not any(all(word in one for word in words) for one in sentences(run, name)):
        what = " ".join(words)
        raise Refused(_("The diagnosis did not find: %(what)s") % {"what": what})


def must_be_well(run: Run) -> None:
    """Raises Refused when a diagnosis found anything."""
    facts = run.steps.get(name="in_all").facts
    if facts.get("findings") or facts.get("failed"):
        raise Refused(_("The diagnosis still finds something."))


def commanders() -> tuple[User, User]:
    people = User.objects.filter(is_active=True, role="commander").order_by("pk")[:2]
    if len(people) < 2:
        raise Refused(_("It takes two people: one who starts, and one who approves."))
    return people[0], people[1]
