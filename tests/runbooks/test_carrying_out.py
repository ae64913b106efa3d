"""From proposed to over: what happens, how often, and what the rows say of it."""

import random
import time
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from core import clock
from core.errors import Refused
from core.told import Told
from incidents import services as incidents
from incidents.narration import narrate
from runbooks.domain import actions as domain
from runbooks.domain.actions import Mode, Outcome, State
from runbooks.models import Action, Limits
from runbooks.registry import LEASE
from runbooks.services import (
    approve,
    execute_next,
    expire_due,
    halt,
    lift,
    reconcile_due,
    refuse,
)
from tests.nursery import Nursery, kill
from tests.racers import Racers
from tests.runbooks import effects
from tests.runbooks.effects import written

pytestmark = pytest.mark.django_db(transaction=True)
WORK = 0.06  # seconds of a processor
JOB = "tests.runbooks.effects.work"
PATIENCE = 30.0
HOUR = timedelta(hours=1)


def carried_out(action, *, at=None):
    execute_next(at=at or clock.database_now())
    action.refresh_from_db()
    return State(action.state)


def told(incident):
    kinds = incident.timeline.order_by("seq").values_list("kind", flat=True)
    return [kind.removeprefix("action_") for kind in kinds if kind.startswith("action_")]


def test_what_is_approved_is_done_and_says_what_came_of_it(writing, switched_on, file):
    action = writing(costs=7)

    assert carried_out(action) is State.CONFIRMED

    assert written(file) == ["one"]
    assert (action.text, action.sun, action.facts) == ("written", 7, {"line": "one"})
    assert action.ended_at >= action.began_at


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("ko", "지갑을 측정할 수 없어요: no answer"),
        ("en", "The wallet cannot be measured: no answer"),
    ],
)
def test_what_came_of_it_is_read_in_either_language(
    writing, switched_on, seeded, people, monkeypatch, language, told
):
    words = Told("The wallet cannot be measured: %(why)s", why="no answer")
    monkeypatch.setattr(effects.Writing, "execute", lambda *_: Outcome.failed(words))
    incident = incidents.declare("energy", severity="P1", by=people[0], at=clock.now())
    action = writing(incident=incident)
    carried_out(action)

    event = incident.timeline.get(kind="action_failed")
    with override(language):
        assert told in action.text
        assert told in narrate(event)


def test_in_shadow_all_is_decided_and_nothing_done(writing, file):
    action = writing(sun=100)

    assert carried_out(action) is State.SHADOWED

    assert written(file) == []


def test_the_same_key_is_the_same_action_and_never_another(writing, switched_on, file):
    action = writing()
    carried_out(action)

    assert writing() == action
    with pytest.raises(Refused):
        writing(sun=11)
    assert execute_next(at=clock.database_now()) is None
    assert written(file) == ["one"]


def test_above_the_limit_two_different_people_approve_and_never_the_proposer(
    writing, switched_on, people, file
):
    Limits.objects.update(second_above_sun=5)
    ana, ben, cho = people
    action = writing(by=ana)
    now = clock.now()

    with pytest.raises(Refused):
        approve(action, by=ana, at=now)
    approve(action, by=ben, at=now)
    approve(action, by=ben, at=now)
    assert execute_next(at=now) is None, "one person twice is one"
    approve(action, by=cho, at=now)

    assert carried_out(action) is State.CONFIRMED


def test_a_limit_that_became_stricter_holds_back_what_was_approved_before(
    writing, switched_on, people
):
    action = writing()
    Limits.objects.update(second_above_sun=5)

    assert carried_out(action) is State.APPROVED
    assert action.waits_for == "approval"
    for person in people[:2]:
        approve(action, by=person, at=clock.now())
    assert carried_out(action) is State.CONFIRMED


def test_what_was_refused_or_is_too_old_is_never_done(writing, switched_on, people, file):
    Limits.objects.update(approval_above_sun=0)
    refused, old = writing("refused"), writing("old", at=clock.now() - HOUR)

    refuse(refused, by=people[0], at=clock.now(), reason="not now")
    with pytest.raises(Refused):
        approve(refused, by=people[1], at=clock.now())
    with pytest.raises(Refused):
        approve(old, by=people[1], at=clock.now())
    assert expire_due(at=clock.now()) == 1

    assert execute_next(at=clock.now()) is None
    assert written(file) == []


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"action_cap_sun": 9}, "too_much"),
        ({"day_cap_sun": 19}, "day_spent"),
        ({"lifetime_cap_sun": 19}, "all_spent"),
        ({"cooldown": timedelta(minutes=1)}, "cooling"),
        ({"mode": Mode.OFF}, "switched_off"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_limits_forbid_waits_and_says_why_once(
    writing, switched_on, commander, change, why, file
):
    incident = incidents.declare("energy", severity="P1", by=commander, at=clock.now())
    assert carried_out(writing("first")) is State.CONFIRMED
    Limits.objects.update(**change)
    action = writing("second", incident=incident)

    assert carried_out(action) is State.APPROVED
    assert carried_out(action) is State.APPROVED
    assert action.waits_for == why
    assert told(incident) == ["proposed", "waits"]
    assert written(file) == ["first"]


def test_the_kill_switch_stops_every_kind_until_it_is_lifted(writing, switched_on, people, file):
    halt(by=people[0], at=clock.now(), reason="strange orders")
    with pytest.raises(Refused):
        halt(by=people[1], at=clock.now(), reason="again")
    action = writing()

    assert carried_out(action) is State.APPROVED
    assert action.waits_for == "halted"
    lift(by=people[1], at=clock.now())
    with pytest.raises(Refused):
        lift(by=people[1], at=clock.now())

    assert carried_out(action) is State.CONFIRMED
    halt(by=people[0], at=clock.now(), reason="it can be pulled a second time")


def test_a_failure_has_spent_nothing(writing, switched_on):
    Limits.objects.update(day_cap_sun=10)

    assert carried_out(writing("fails", fails="before")) is State.FAILED
    assert carried_out(writing("then")) is State.CONFIRMED
    assert carried_out(writing("more")) is State.APPROVED


def test_what_nobody_answered_for_is_looked_at_and_not_done_again(writing, switched_on, file):
    action = writing(fails="after")

    assert carried_out(action) is State.UNKNOWN
    assert "nobody answered" in action.text
    assert execute_next(at=clock.now()) is None
    assert reconcile_due(at=clock.database_now()) == 0, "a moment later"
    assert reconcile_due(at=clock.database_now() + timedelta(seconds=6)) == 1

    action.refresh_from_db()
    assert (action.state, written(file)) == (State.CONFIRMED, ["one"])


def test_what_cannot_be_seen_yet_stays_unknown_and_counts_as_spent(writing, switched_on):
    Limits.objects.update(day_cap_sun=10)
    action = writing(fails="after", blind=True)
    carried_out(action)

    for minute in range(1, 4):
        assert reconcile_due(at=clock.now() + timedelta(minutes=minute)) == 0

    assert carried_out(writing("more")) is State.APPROVED


def test_who_moves_it_second_is_told_and_changes_nothing(writing, switched_on):
    first, at = writing(), clock.database_now()
    second = Action.objects.get(pk=first.pk)

    assert Action.objects.move(first, State.APPROVED, to=State.EXPIRED, ended_at=at)
    assert not Action.objects.move(second, State.APPROVED, to=State.REFUSED, ended_at=at)

    assert second.state == State.APPROVED
    second.refresh_from_db()
    assert second.state == State.EXPIRED


def test_who_is_slower_than_the_lease_does_not_have_the_last_word(writing, switched_on, file):
    """Somebody else has looked meanwhile, and what was found stays."""
    action = writing(slow=0.5, fails="before")
    with Racers(JOB, seed=1) as racers:
        racers.pipes[0].send({})
        until = time.monotonic() + PATIENCE
        while State(action.state) is not State.EXECUTING and time.monotonic() < until:
            action.refresh_from_db()
        reconcile_due(at=clock.now() + LEASE)
        action.refresh_from_db()
        assert (action.state, action.text) == (State.FAILED, "not there")
        racers._hear()

    action.refresh_from_db()
    assert action.text == "not there"


def test_the_timeline_tells_each_step_in_the_readers_language(
    writing, switched_on, commander, people
):
    Limits.objects.update(approval_above_sun=0)
    incident = incidents.declare("energy", severity="P1", by=commander, at=clock.now())
    action = writing(incident=incident)
    approve(action, by=people[0], at=clock.now())
    carried_out(action)

    assert told(incident) == ["proposed", "approved", "begun", "confirmed"]
    last = incident.timeline.order_by("seq").last()
    assert "write one" in narrate(last)
    assert narrate(last).endswith("written")


def test_the_database_itself_refuses_a_begun_row_without_a_lease_and_a_change_of_the_past(
    writing, switched_on
):
    action = writing()
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.filter(pk=action.pk).update(state=State.EXECUTING)
    carried_out(action)
    with pytest.raises(DatabaseError), transaction.atomic():
        Action.objects.filter(pk=action.pk).update(sun=0)
    with pytest.raises(DatabaseError), transaction.atomic():
        action.delete()


PAST = st.tuples(
    st.sampled_from([State.CONFIRMED, State.FAILED, State.EXECUTING, State.UNKNOWN]),
    st.integers(0, 1_000),
    st.integers(0, 48 * 60),
)


@given(st.lists(PAST, max_size=8))
def test_the_database_adds_up_what_the_rule_says(past):
    now = clock.now()
    rows = [
        domain.Past(state, sun, now - timedelta(minutes=minutes)) for state, sun, minutes in past
    ]
    with transaction.atomic():
        action = Action.objects.create(kind="k", key="this", proposed_at=now)
        for number, row in enumerate(rows):
            lease = {"lease": "0" * 32, "lease_until": now} if row.state is State.EXECUTING else {}
            Action.objects.create(
                kind="k", key=str(number), proposed_at=now, state=row.state, sun=row.sun,
                began_at=row.began_at, **lease,
            )  # fmt: skip
        assert Action.objects.before(action, now=now) == domain.before(rows, now=now)
        transaction.set_rollback(True)


def test_workers_at_the_same_actions_do_each_once_and_keep_the_budget(writing, switched_on, file):
    """Without the lock on the kind's limits two of them take the last of the budget together."""
    with Racers(JOB, JOB, JOB, seed=3) as racers:
        for number in range(1, 26):
            Limits.objects.update(day_cap_sun=10 * number)
            wanted = [writing(f"{number}.{place}") for place in range(3)]
            assert racers.race({}, {}, {}) == [None, None, None]
            assert len(written(file)) == number
            for action in wanted:
                action.refresh_from_db()
                if action.is_waiting:
                    refuse(action, at=clock.now(), reason="the next round")

    lines = written(file)
    assert len(lines) == len(set(lines))


@pytest.mark.parametrize("seed", range(10))
def test_killed_anywhere_each_is_done_once_or_never(writing, switched_on, file, seed):
    """Negative control: with a look (`reconciling`) that does it again, lines stand twice."""
    chance = random.Random(seed)
    Limits.objects.update(day_cap_sun=1_000)
    with Nursery(JOB) as nursery:
        wanted = [writing(f"{number}", slow=chance.random() * 0.01) for number in range(8)]
        for _ in range(3):
            for worker in [nursery.worker(), nursery.worker()]:
                kill(worker, after=chance.random() * WORK)

    later = clock.database_now() + LEASE
    reconcile_due(at=later)
    lines = written(file)
    assert len(lines) == len(set(lines))
    for action in wanted:
        action.refresh_from_db()
        assert (action.state == State.CONFIRMED) == (action.key in lines)
        assert action.state in {State.APPROVED, State.CONFIRMED, State.FAILED}
