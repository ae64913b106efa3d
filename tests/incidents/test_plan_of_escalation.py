"""The pure rule: which call comes when, and that a plan survives being stored."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from incidents.domain.escalation import AT_ONCE, MOST, Plan, Step, as_json, course, from_json

START = datetime(2026, 11, 22, 18, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

ids = st.lists(st.integers(1, 99), max_size=3).map(tuple)
words = st.lists(st.text(min_size=1, max_size=9), max_size=2).map(tuple)
steps = st.builds(
    Step,
    wait=st.integers(1, 7200).map(lambda seconds: timedelta(seconds=seconds)),
    severity_team=st.booleans(), owners=st.booleans(), contact=st.booleans(),
    people=ids, teams=ids, rotations=ids, slack=words, webhooks=words,
)  # fmt: skip
plans = st.builds(
    Plan,
    steps=st.lists(steps, min_size=1, max_size=5).map(tuple),
    repeats=st.integers(0, 9),
    answers=st.integers(1, 5),
    lasts=st.none() | st.integers(60, 86_400).map(lambda seconds: timedelta(seconds=seconds)),
)


def minutes(plan):
    return [int((at - START) / MINUTE) for _place, at in course(plan, since=START)]


def test_without_a_policy_the_team_is_called_once_at_once():
    assert minutes(AT_ONCE) == [0]


def test_each_step_waits_for_an_answer_before_the_next():
    plan = Plan((Step(5 * MINUTE), Step(10 * MINUTE), Step(3 * MINUTE)))

    assert minutes(plan) == [0, 5, 15]


def test_repeating_waits_after_the_last_step_too():
    plan = Plan((Step(5 * MINUTE), Step(10 * MINUTE)), repeats=2)

    assert minutes(plan) == [0, 5, 15, 20, 30, 35]


def test_a_late_call_gives_the_next_one_its_full_wait():
    plan = Plan((Step(5 * MINUTE), Step(10 * MINUTE), Step(3 * MINUTE)))

    assert plan.next_at(1, called_at=START + 60 * MINUTE) == START + 70 * MINUTE


@given(plans)
def test_a_stored_plan_is_the_same_plan(plan):
    assert from_json(as_json(plan)) == plan


@given(plans)
def test_every_step_is_called_as_often_as_every_other_and_never_without_end(plan):
    places = [place for place, _at in course(plan, since=START)]
    times = [at for _place, at in course(plan, since=START)]

    assert places == list(range(min(MOST, len(plan.steps) * (plan.repeats + 1))))
    assert times == sorted(set(times))


@given(plans, st.integers(0, 60))
def test_whom_it_has_called_by_a_call_is_whoever_each_call_until_then_names(plan, place):
    called = plan.called(place)
    until = [plan.step(each) for each in range(place + 1)]

    assert set(called.people) == {pk for step in until for pk in step.people}
    assert called.contact == any(step.contact for step in until)
    assert set(called.slack) == {address for step in until for address in step.slack}
