"""Who may let a dangerous step go on, when, and what stands written afterwards: the whole table."""

from contextlib import suppress
from datetime import timedelta

import pytest

from core import clock
from core.errors import Refused
from incidents.services import declare
from runbooks import services
from runbooks.models import Action, Approval, RunStep
from runbooks.tasks import tick
from teams.models import User
from tests.race import at_once
from tests.runbooks.running import book, go, states, step

pytestmark = pytest.mark.django_db
LATER = timedelta(hours=2)


class World:
    """A run of Ana's for an incident, whose one dangerous step waits. Nobody else has anything to do with it."""

    def __init__(self, people):
        self.people = people
        self.incident = declare("down", severity="P1", by=people[0], at=clock.now())
        version = book(step("restart", wait="0s", dangerous=True))
        given = {"by": people[0], "incident": self.incident, "at": clock.database_now()}
        self.run = go(services.start(version, {}, **given))
        self.first = self.action

    @property
    def step(self):
        return self.run.steps.select_related("run", "action").get()

    @property
    def action(self):
        return self.step.action

    @property
    def denied(self):
        return [event.data["why"] for event in self.incident.timeline.filter(kind="action_denied")]

    def approve(self, who, action=None):
        with suppress(Refused):
            services.approve(action or self.action, by=self.people[who], at=clock.now())

    def tick(self):
        tick()
        go(self.run)

    def grow_old(self):
        Action.objects.update(proposed_at=clock.now() - LATER)


@pytest.fixture
def world(seeded, people):
    return World(people)


def second(world):
    world.approve(1)


def own(world):
    world.approve(0)


def viewer(world):
    User.objects.filter(pk=world.people[1].pk).update(role="viewer")
    world.approve(1)


def responder(world):
    User.objects.filter(pk=world.people[1].pk).update(role="responder")
    world.approve(1)


def gone_before(world):
    User.objects.filter(pk=world.people[1].pk).update(is_active=False)
    world.approve(1)


def expired(world):
    world.grow_old()
    world.approve(1)


def expired_after(world):
    world.approve(1)
    world.grow_old()


def twice(world):
    world.approve(1)
    world.approve(1)


def replayed_when_done(world):
    world.approve(1)
    world.tick()
    world.approve(1, world.first)


def replayed_for_the_next_attempt(world):
    services.refuse(world.first, by=world.people[1], at=clock.now(), reason="not now")
    world.tick()
    services.retry(world.step, by=world.people[0], at=clock.now())
    go(world.run)
    world.approve(1, world.first)


def changed(world):
    world.approve(1)
    RunStep.objects.update(given={"wait": "1ms"})


def withdrawn(world):
    services.abort(world.run, by=world.people[0], at=clock.now(), reason="no need")
    world.approve(1, world.first)


def skipped(world):
    services.skip(world.step, by=world.people[0], at=clock.now(), reason="no need")
    world.approve(1, world.first)


def driver_who_took_over(world):
    services.take_over(world.run, by=world.people[1], at=clock.now())
    world.approve(1)


def former_driver(world):
    services.take_over(world.run, by=world.people[1], at=clock.now())
    world.approve(0)


def took_over_what_they_approved(world):
    world.approve(1)
    services.take_over(world.run, by=world.people[1], at=clock.now())


def halted(world):
    services.halt(by=world.people[2], at=clock.now(), reason="odd")
    world.approve(1)


def halted_and_lifted(world):
    halted(world)
    world.tick()
    services.lift(by=world.people[2], at=clock.now())


def deactivated_meanwhile(world):
    world.approve(1)
    User.objects.filter(pk=world.people[1].pk).update(is_active=False)


def role_lost_meanwhile(world):
    world.approve(1)
    User.objects.filter(pk=world.people[1].pk).update(role="viewer")


def another_after_the_role_was_lost(world):
    role_lost_meanwhile(world)
    world.tick()
    world.approve(2)


@pytest.mark.parametrize(
    ("happens", "step_is", "approvals", "denied"),
    [
        (second, "done", 1, []),
        (own, "waiting", 0, ["own"]),
        (viewer, "waiting", 0, ["unable"]),
        (responder, "waiting", 0, ["unable"]),
        (gone_before, "waiting", 0, ["unable"]),
        (expired, "failed", 0, ["late"]),
        (expired_after, "failed", 1, []),
        (twice, "done", 1, []),
        (replayed_when_done, "done", 1, ["over"]),
        (replayed_for_the_next_attempt, "waiting", 0, ["over"]),
        (changed, "failed", 1, []),
        (withdrawn, "cancelled", 0, ["over"]),
        (skipped, "skipped", 0, ["over"]),
        (driver_who_took_over, "waiting", 0, ["own"]),
        (former_driver, "done", 1, []),
        (took_over_what_they_approved, "waiting", 1, []),
        (halted, "waiting", 1, []),
        (halted_and_lifted, "done", 1, []),
        (deactivated_meanwhile, "waiting", 1, []),
        (role_lost_meanwhile, "waiting", 1, []),
        (another_after_the_role_was_lost, "done", 2, []),
    ],
)
def test_who_may_approve_and_what_is_written(world, happens, step_is, approvals, denied):
    happens(world)
    world.tick()
    assert states(world.run) == {"1": step_is}
    assert Approval.objects.count() == approvals
    assert world.denied == denied
    told = world.incident.timeline.filter(kind="action_approved")
    assert [event.actor_user_id for event in told] == list(
        Approval.objects.order_by("at").values_list("person", flat=True)
    )


@pytest.mark.django_db(transaction=True)
def test_of_two_approvals_at_once_both_are_written_and_it_is_done_once(world):
    outcomes = at_once(lambda: world.approve(1), lambda: world.approve(2))
    assert outcomes == [None, None]
    world.tick()
    assert states(world.run) == {"1": "done"}
    assert Action.objects.filter(state="confirmed").count() == 1
    assert Approval.objects.count() + len(world.denied) == 2


@pytest.mark.django_db(transaction=True)
def test_an_approval_and_an_abort_at_once_leave_one_of_them(world):
    people, run = world.people, world.run
    at_once(
        lambda: world.approve(1),
        lambda: services.abort(run, by=people[0], at=clock.now(), reason="no"),
    )
    world.tick()
    assert states(run) == {"1": "cancelled"}
    assert Action.objects.get(pk=world.first.pk).state == "refused"
