"""A run from its start to its end, by rows alone."""

from datetime import timedelta

import pytest

from core import clock
from core.errors import Refused
from incidents.models import Incident
from incidents.services import declare
from runbooks import services
from runbooks.models import Action, RunStep
from runbooks.step import Result
from teams.models import User
from tests.runbooks.running import TEXT, book, go, states, step

pytestmark = pytest.mark.django_db

ASKS = {"question": TEXT, "choices": ["yes", "no"], "stops_at": ["no"]}


@pytest.fixture
def incident(seeded: None, people: list[User]) -> Incident:
    return declare("All down", severity="P0", by=people[0], at=clock.now())


def started(version, people, inputs=None, **more):
    return services.start(version, inputs or {}, by=people[0], at=clock.database_now(), **more)


def the_step(run, path="1"):
    return run.steps.select_related("run", "action").get(path=path)


def test_a_run_goes_through_its_steps_and_tells_the_timeline(people, incident):
    run = started(book(step("a", wait="0s"), step("b", wait="0s")), people, incident=incident)
    assert go(run).state == "done"
    assert states(run) == {"1": "done", "2": "done"}
    kinds = list(incident.timeline.values_list("kind", flat=True))
    assert kinds[-4:] == ["run_begun", "run_step", "run_step", "run_over"]


def test_a_wait_takes_its_time_and_nobody(people):
    run = started(book(step("a", wait="1h"), step("b", wait="0s")), people)
    assert states(go(run)) == {"1": "pending", "2": "pending"}
    assert states(go(run, later=timedelta(minutes=61))) == {"1": "done", "2": "done"}


def test_a_question_waits_and_its_answer_is_there_for_later_steps(people):
    run = started(book(step("a", ask=ASKS), step("b", ask={"question": TEXT})), people)
    assert states(go(run)) == {"1": "waiting", "2": "pending"}
    services.answer(the_step(run), {"answer": "yes"}, by=people[0], at=clock.now())
    assert states(go(run)) == {"1": "done", "2": "waiting"}
    assert the_step(run).facts == {"answer": "yes"}


def test_an_answer_that_is_none_of_the_choices_changes_nothing(people):
    run = go(started(book(step("a", ask=ASKS)), people))
    with pytest.raises(Refused):
        services.answer(the_step(run), {"answer": "perhaps"}, by=people[0], at=clock.now())
    assert states(run) == {"1": "waiting"}


def test_an_answer_may_stop_the_run_until_somebody_goes_on(people):
    run = go(started(book(step("a", ask=ASKS), step("b", wait="0s")), people))
    services.answer(the_step(run), {"answer": "no"}, by=people[0], at=clock.now())
    assert go(run).state == "stopped"
    services.skip(the_step(run), by=people[0], at=clock.now(), reason="we go on anyway")
    assert go(run).state == "done"


def test_a_dangerous_step_waits_for_a_second_person(people, incident):
    run = go(started(book(step("a", wait="0s", dangerous=True)), people, incident=incident))
    assert states(run) == {"1": "waiting"}
    action = the_step(run).action
    with pytest.raises(Refused):
        services.approve(action, by=people[0], at=clock.now())
    services.approve(action, by=people[1], at=clock.now())
    services.execute_next(at=clock.database_now())
    assert go(run).state == "done"


def test_what_was_approved_is_done_and_nothing_else(people):
    run = go(started(book(step("a", wait="0s", dangerous=True)), people))
    services.approve(the_step(run).action, by=people[1], at=clock.now())
    services.execute_next(at=clock.database_now())
    RunStep.objects.filter(run=run).update(given={"wait": "1ms"})
    assert states(go(run)) == {"1": "failed"}


def test_a_refused_step_fails_and_is_asked_anew_when_tried_again(people):
    run = go(started(book(step("a", wait="0s", dangerous=True)), people))
    first = the_step(run).action
    services.refuse(first, by=people[1], at=clock.now(), reason="not now")
    assert go(run).state == "stopped"
    services.retry(the_step(run), by=people[0], at=clock.now())
    assert states(go(run)) == {"1": "waiting"}
    assert the_step(run).action != first


def test_an_approval_that_came_too_late_approves_nothing(people):
    run = go(started(book(step("a", wait="0s", dangerous=True)), people))
    Action.objects.update(proposed_at=clock.now() - timedelta(hours=2))
    with pytest.raises(Refused):
        services.approve(the_step(run).action, by=people[1], at=clock.now())
    services.expire_due(at=clock.database_now())
    assert go(run).state == "stopped"


def test_paused_nothing_begins_and_aborted_nothing_is_done_any_more(people):
    run = started(book(step("a", wait="0s"), step("b", wait="0s")), people)
    services.pause(run, by=people[0], at=clock.now())
    assert states(go(run)) == {"1": "pending", "2": "pending"}
    services.go_on(run, by=people[0], at=clock.now())
    services.abort(run, by=people[0], at=clock.now(), reason="wrong incident")
    assert states(go(run)) == {"1": "cancelled", "2": "cancelled"}
    with pytest.raises(Refused):
        services.pause(run, by=people[0], at=clock.now())


def test_aborting_takes_the_approval_back(people):
    run = go(started(book(step("a", wait="0s", dangerous=True)), people))
    services.abort(run, by=people[0], at=clock.now(), reason="no need")
    assert the_step(run).action.state == "refused"


def test_whoever_takes_over_is_in_charge(people):
    run = started(book(step("a", ask=ASKS)), people)
    services.take_over(run, by=people[1], at=clock.now())
    run.refresh_from_db()
    assert run.driver == people[1]


def lost(run):
    """A step is claimed, and whoever claimed it dies."""
    [claim] = services.claim(run.pk, at=clock.database_now(), most=1)
    return claim


def test_what_was_lost_begins_again_where_it_does_no_harm(people):
    run = started(book(step("a", wait="0s")), people)
    claim = lost(run)
    assert states(go(run)) == {"1": "running"}
    assert states(go(run, later=timedelta(minutes=1))) == {"1": "done"}
    assert not services.finish(claim, Result.failed("late"), at=clock.database_now())
    assert states(run) == {"1": "done"}


def test_what_was_lost_and_may_have_happened_is_asked(people):
    run = started(book(step("a", http={"method": "POST", "url": "http://127.0.0.1:9/"})), people)
    lost(run)
    assert go(run, later=timedelta(minutes=1)).state == "stopped"
    assert states(run) == {"1": "unknown"}
    services.say_done(the_step(run), by=people[0], at=clock.now(), reason="I looked")
    assert go(run).state == "done"


def test_two_workers_never_claim_one_step(people):
    run = started(book(step("a", wait="0s")), people)
    now = clock.database_now()
    assert len(services.claim(run.pk, at=now, most=9)) == 1
    assert services.claim(run.pk, at=now, most=9) == []


def test_the_machine_starts_only_what_changes_nothing(people):
    harmless = book(step("a", wait="0s"), key="harmless")
    assert services.start(harmless, {}, at=clock.database_now()).driver is None
    harmful = book(step("a", http={"method": "POST", "url": "http://127.0.0.1:9/"}), key="harmful")
    with pytest.raises(Refused):
        services.start(harmful, {}, at=clock.database_now())


def test_for_each_item_one_after_the_other_until_one_fails(people):
    inner = [step("a", ask=ASKS), step("b", wait="0s")]
    hosts = {"hosts": {"type": "hosts", "label": TEXT}}
    version = book(
        step("each", for_each={"items": "{hosts}", "as": "host"}, steps=inner), inputs=hosts
    )
    run = go(started(version, people, {"hosts": ["app1", "app2"]}))
    assert states(run)["1/app1/1"] == "waiting"
    assert states(run)["1/app2/1"] == "pending"
    services.answer(the_step(run, "1/app1/1"), {"answer": "no"}, by=people[0], at=clock.now())
    assert go(run).state == "stopped"
    assert states(run)["1/app2/1"] == "pending"


def test_a_dry_run_says_what_each_step_would_do_and_does_nothing(people):
    version = book(step("a", http={"method": "POST", "url": "http://x.example/{run.id}"}))
    [(planned, told)] = services.foretold(version, {})
    assert (planned.step.name, told) == ("a", "POST http://x.example/{run.id}")
    assert not RunStep.objects.exists()


def test_the_same_text_again_makes_no_version_and_another_one_does(people):
    first = book(step("a", wait="0s"))
    assert book(step("a", wait="0s")) == first
    assert book(step("a", wait="1s")).number == 2
