"""M2.2 on a real PostgreSQL with made blockers and idle sessions."""

import pytest

from core import clock
from core.errors import Refused
from runbooks import services
from runbooks.models import Database, Runbook
from runbooks.services.loading import load_library
from tests.runbooks.databases import address, blocked, session, until
from tests.runbooks.running import go

pytestmark = pytest.mark.django_db(transaction=True)

TABLE = "trial_of_blocking"


@pytest.fixture(autouse=True)
def database():
    load_library(at=clock.now())
    Database.objects.get_or_create(name="portal")
    with session(address()) as cursor:
        cursor.execute(f"CREATE TABLE {TABLE} ()")
        yield cursor
        cursor.execute(f"DROP TABLE {TABLE}")


def begun(people, key, **inputs):
    version = Runbook.objects.get(key=key).current
    return go(services.start(version, inputs, by=people and people[0], at=clock.database_now()))


def approved(run, people):
    step = run.steps.select_related("action").get(state="waiting")
    services.approve(step.action, by=people[1], at=clock.now())
    services.execute_next(at=clock.database_now())
    return go(run)


def told(run):
    return [one["en"] for step in run.steps.order_by("position") for one in step.said]


def alive(cursor, pid):
    cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", [pid])
    return cursor.fetchone()[0] == 1


def test_a_healthy_database_is_told_in_one_screen_by_the_machine_alone():
    run = begun(None, "database-diagnose")
    assert run.state == "done"
    assert told(run)[-3:] == [
        "No session blocks another.",
        "No query has been running for over 5 min.",
        "No session has been idle in a transaction for over 1 h.",
    ]
    assert len(told(run)) <= 5


def test_the_diagnosis_names_the_root_and_counts_whom_it_blocks():
    with blocked(address(), TABLE, waiting=3) as pid:
        run = begun(None, "database-diagnose")
    [sentence] = [one for one in told(run) if "block" in one]
    assert sentence == (
        f"Sessions that block others: 1, with 3 waiting; the oldest is PID {pid} of holder, 0 min."
    )


def test_the_limit_of_a_database_is_seen(database):
    with session(address()) as cursor:
        cursor.execute("SELECT current_database()")
        [name] = cursor.fetchone()
        cursor.execute(f'ALTER DATABASE "{name}" CONNECTION LIMIT 5')
        try:
            run = begun(None, "database-diagnose")
        finally:
            cursor.execute(f'ALTER DATABASE "{name}" CONNECTION LIMIT -1')
    assert run.state == "done"
    assert any(row["what"] == "database" and row["most"] == 5 for row in rows(run, "connections"))


def rows(run, name):
    return run.steps.get(name=name).rows


def test_idle_sessions_are_ended_after_a_second_person_approved_exactly_those(people, database):
    with (
        session(address(), application="sleeper", autocommit=False) as sleeper,
        session(address(), application="worker", autocommit=False) as late,
    ):
        sleeper.execute("SELECT 1")
        pid = sleeper.connection.info.backend_pid
        until(lambda: idle(database, pid))
        run = begun(people, "database-end-idle", age="1s")
        assert run.steps.get(name="ended").state == "waiting"
        assert alive(database, pid)
        late.execute("SELECT 1")  # idle as well by now, but nobody approved it
        later = late.connection.info.backend_pid
        until(lambda: idle(database, later))
        run = approved(run, people)
        assert run.state == "done"
        assert f"PID {pid} of sleeper was ended." in told(run)
        assert not alive(database, pid)
        assert alive(database, later)


def idle(cursor, pid):
    cursor.execute(
        "SELECT state_change < clock_timestamp() - interval '1.1 s' FROM pg_stat_activity"
        " WHERE pid = %s AND state = 'idle in transaction'",
        [pid],
    )
    return cursor.fetchone() == (True,)


def test_a_session_that_went_on_meanwhile_is_left_alone(people, database):
    with session(address(), application="sleeper", autocommit=False) as sleeper:
        sleeper.execute("SELECT 1")
        pid = sleeper.connection.info.backend_pid
        until(lambda: idle(database, pid))
        run = begun(people, "database-end-idle", age="1s")
        sleeper.connection.commit()
        run = approved(run, people)
        assert told(run)[-1] == "Those sessions are gone or at work again."
        assert alive(database, pid)


def test_a_chosen_root_is_ended_and_whoever_waited_goes_on(people, database):
    with blocked(address(), TABLE, waiting=2) as pid:
        run = approved(begun(people, "database-end-blockers", pids=str(pid)), people)
        assert told(run)[-1] == f"PID {pid} of holder was ended."
        assert not alive(database, pid)


def test_one_that_blocks_nobody_is_never_ended(people, database):
    with session(address(), application="innocent", autocommit=False) as other:
        other.execute("SELECT 1")
        pid = other.connection.info.backend_pid
        run = approved(begun(people, "database-end-blockers", pids=f"{pid},2147483000"), people)
        assert f"PID {pid} is no root blocker and is left alone." in told(run)
        assert "PID 2147483000 is gone already." in told(run)
        assert alive(database, pid)


@pytest.mark.parametrize("pids", ["1; DROP TABLE x", "-1", "1,,2", "1 2"])
def test_what_is_no_list_of_pids_is_refused(people, pids):
    with pytest.raises(Refused):
        begun(people, "database-end-blockers", pids=pids)
