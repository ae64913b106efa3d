"""SQL steps on a real PostgreSQL: read-only unless marked, bounded, and provable after a death."""

from contextlib import closing
from datetime import timedelta

import psycopg2
import pytest

from core import clock
from runbooks import services
from runbooks.inventory import own
from runbooks.models import Database
from runbooks.services.advancing import NotOurs
from runbooks.steps.sql import Sql
from tests.runbooks.running import book, go, step

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def table():
    Database.objects.create(name="wallet")
    connection = psycopg2.connect(own())
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute("CREATE TABLE trial_of_sql (n int, note text)")
    yield cursor
    cursor.execute("DROP TABLE trial_of_sql")
    connection.close()


def count(cursor):
    cursor.execute("SELECT count(*) FROM trial_of_sql")
    return cursor.fetchone()[0]


def gone_through(people, query, **more):
    return go(begun(people, query, **more))


def begun(people, query, **more):
    version = book(step("a", sql={"on": "wallet", "query": query, **more}, timeout="5s"))
    return services.start(version, {}, by=people[0], at=clock.database_now())


def outcome(run):
    found = run.steps.get()
    return found.state, found.text


def test_rows_are_read_by_name_and_drawn(people):
    run = gone_through(people, "SELECT 7 AS n, %(word)s AS word", values={"word": "한글 '; DROP"})
    found = run.steps.get()
    assert found.rows == [{"n": 7, "word": "한글 '; DROP"}]
    assert found.facts == {"n": 7, "word": "한글 '; DROP", "count": 1}
    assert found.output.splitlines()[0].split() == ["n", "word"]


def test_what_does_not_say_that_it_changes_something_cannot(people, table):
    state, text = outcome(gone_through(people, "INSERT INTO trial_of_sql VALUES (1)"))
    assert (state, count(table)) == ("failed", 0)
    assert "read-only" in text


def test_a_change_is_made_once(people, table):
    run = gone_through(people, "INSERT INTO trial_of_sql VALUES (1)", changes=True)
    assert (outcome(run)[0], count(table)) == ("done", 1)


def test_a_statement_that_takes_too_long_is_ended_by_the_server(people):
    version = book(step("a", sql={"on": "wallet", "query": "SELECT pg_sleep(30)"}, timeout="1s"))
    run = services.start(version, {}, by=people[0], at=clock.database_now())
    assert outcome(go(run))[0] == "failed"


@pytest.mark.parametrize("dies", ["before the commit", "after the commit"])
def test_after_a_death_the_database_says_whether_it_was_done(people, table, dies, monkeypatch):
    run = begun(people, "INSERT INTO trial_of_sql VALUES (1)", changes=True)
    [claim] = services.claim(run.pk, at=clock.database_now(), most=1)
    if dies == "before the commit":
        monkeypatch.setattr("integrations.postgresql.Session.commit", lambda _session: None)
    Sql().run(claim.work)
    monkeypatch.undo()
    run.steps.update(lease_until=clock.database_now())
    assert outcome(go(run))[0] == "done"
    assert count(table) == 1


def test_what_was_still_under_way_when_its_executor_died_is_waited_for(people, table):
    """Looked at more than once: it is not forgotten in between that there was a first time."""
    run = begun(people, "INSERT INTO trial_of_sql VALUES (1)", changes=True)
    [claim] = services.claim(run.pk, at=clock.database_now(), most=1)
    with closing(psycopg2.connect(own())) as dying:
        cursor = dying.cursor()
        cursor.execute("INSERT INTO trial_of_sql VALUES (1)")
        cursor.execute("SELECT pg_current_xact_id()::text")
        claim.work.remember({"transaction": cursor.fetchone()[0]})
        run.steps.update(lease_until=clock.database_now())
        for seconds in (0, 2, 4):
            assert outcome(go(run, later=timedelta(seconds=seconds)))[0] == "pending"
        dying.commit()
    assert outcome(go(run, later=timedelta(seconds=6)))[0] == "done"
    assert count(table) == 1


def test_a_worker_that_slept_past_its_lease_changes_nothing_when_it_wakes(people, table):
    run = begun(people, "INSERT INTO trial_of_sql VALUES (1)", changes=True)
    [claim] = services.claim(run.pk, at=clock.database_now(), most=1)
    run.steps.update(lease_until=clock.database_now())
    assert outcome(go(run))[0] == "done"
    with pytest.raises(NotOurs):
        Sql().run(claim.work)
    assert count(table) == 1


def test_a_database_that_nobody_named_is_a_plain_failure(people):
    version = book(step("a", sql={"on": "ledger", "query": "SELECT 1"}))
    run = services.start(version, {}, by=people[0], at=clock.database_now())
    assert outcome(go(run)) == ("failed", "ledger(이)라는 데이터베이스가 없어요.")


def test_a_column_that_is_called_like_a_secret_is_masked_and_the_run_goes_on(people):
    run = gone_through(people, "SELECT 'hunter2' AS password, 7 AS n, ARRAY['x'] AS token")
    found = run.steps.get()
    assert found.state == "done"
    assert "hunter2" not in str(found.rows)
    assert found.rows[0]["n"] == 7
