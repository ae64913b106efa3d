from collections.abc import Iterator

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from monitoring.registry import collectors
from tests.monitoring.collectors.servers import Database, database

pytestmark = pytest.mark.enable_socket


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with database(tmp_path_factory.mktemp("pg")) as server:
        with server.connect() as connection:
            connection.cursor().execute(
                """CREATE TABLE withdrawal (coin text, state text, asked_at timestamptz);
                INSERT INTO withdrawal VALUES ('trx', 'waiting', now() - interval '90 s'),
                    ('trx', 'done', now()), ('usdt', 'failed', now()), ('usdt', 'done', now())"""
            )
        connection.close()
        yield server


@pytest.fixture(autouse=True)
def there(server, monkeypatch):
    monkeypatch.setenv("CHECKED_PASSWORD", server.where.password)
    with translation.override("en"):
        yield


@pytest.fixture
def ask(take, server):
    def asked(query, **more):
        return take("sql", query=query, metric="withdrawals", **server.settings | more)

    return asked


def said(found):
    return {tuple(one.labels.items()): one.value for one in found.readings}


def test_one_number_is_one_reading(ask):
    found = ask("SELECT extract(epoch FROM now() - min(asked_at)) FROM withdrawal", unit="s")

    (reading,) = found.readings
    assert (reading.name, reading.unit) == ("withdrawals", "s")
    assert 90 <= reading.value < 120


def test_rows_are_told_apart_by_the_columns_before_the_number(ask):
    found = ask(
        """SELECT coin, state, count(*) FROM withdrawal
        GROUP BY 1, 2 ORDER BY 1, 2 -- by the way"""
    )

    assert said(found) == {
        (("coin", "trx"), ("state", "done")): 1,
        (("coin", "trx"), ("state", "waiting")): 1,
        (("coin", "usdt"), ("state", "done")): 1,
        (("coin", "usdt"), ("state", "failed")): 1,
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("SELECT 0.25; ", {(): 0.25}),
        ("SELECT true", {(): 1}),
        ("SELECT NULL::int", {}),
        ("SELECT 1 WHERE false", {}),
        ("WITH a AS (SELECT 7 AS n) SELECT n FROM a", {(): 7}),
        ("VALUES ('가', 1)", {(("column1", "가"),): 1}),
        ("SELECT NULL AS coin, 3", {(("coin", ""),): 3}),
    ],
)
def test_what_a_query_gives_is_read(ask, query, found):
    taken = ask(query)

    assert (taken.fault, said(taken)) == ("", found)


@pytest.mark.parametrize(
    "query",
    [
        "INSERT INTO withdrawal VALUES ('x')",
        "WITH gone AS (DELETE FROM withdrawal RETURNING 1) SELECT count(*) FROM gone",
        "SELECT 1; DELETE FROM withdrawal",
        "SELECT 1; COMMIT; DELETE FROM withdrawal; SELECT 1",
        "SELECT 1) AS a) AS b; COMMIT; DELETE FROM withdrawal; SELECT 1 FROM (SELECT 1 FROM (SELECT 1",
        "SELECT 1) AS a) AS b; SET TRANSACTION READ WRITE; SELECT 1 FROM (SELECT 1 FROM (SELECT 1",
        "SELECT 1) AS a) AS b; DELETE FROM withdrawal; SELECT 1 FROM (SELECT 1 FROM (SELECT 1",
        "COPY withdrawal TO STDOUT",
        "SELECT query_to_xml('DELETE FROM withdrawal', true, true, '')",
        "SELECT lo_create(0)",
        "DROP TABLE withdrawal",
        "$bongsu$; DELETE FROM withdrawal; $bongsu$",
    ],
)
def test_nothing_is_written(ask, query):
    found = ask(query)

    assert found.fault
    assert said(ask("SELECT count(*) FROM withdrawal")) == {(): 4}
    assert found.readings == []


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("SELECT 'many'", "The column ?column? holds “many”, which is no number."),
        ("SELECT 'NaN'::float AS n", "The column n holds “NaN”, which is no number."),
        ("SELECT n FROM generate_series(1, 101) AS n", "More than 100 rows."),
        ("SELECT repeat('x', 3000), 1", "A row is longer than 2000 letters."),
        ("SELECT 'a' AS l, 1 UNION ALL SELECT 'a', 2", "Two rows have the same labels."),
        ("SELECT * FROM missing", 'relation "missing" does not exist'),
    ],
)
def test_what_is_no_answer_is_said(ask, query, fault):
    assert ask(query).fault == fault


def test_a_query_without_an_end_is_ended_on_the_server_too(ask, server):
    assert ask("SELECT pg_sleep(60)", timeout=0.5).fault == "No answer within 0.5 seconds."

    running = ask("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%bongsu%sleep%'")
    assert said(running) == {(): 0}


def test_an_answer_without_an_end_is_bounded_where_it_is_made(ask):
    assert ask("SELECT generate_series(1, 1e12)").fault == "More than 100 rows."
    assert ask("SELECT repeat('x', 100000000)", timeout=10).fault


def test_the_portals_own_tables_are_not_for_everybodys_queries():
    """Among them are the secrets of second factors."""
    with pytest.raises(ValidationError):
        collectors["sql"].cleaned({"address": "portal", "query": "SELECT 1", "metric": "n"})


@pytest.mark.parametrize("name", ["Withdrawals", "1st", "출금", "a-b", ""])
def test_a_name_that_is_none_is_refused(name):
    given = {"address": "host=db", "query": "SELECT 1", "metric": name}

    with pytest.raises(ValidationError) as refusal:
        collectors["sql"].cleaned(given)

    assert set(refusal.value.message_dict) == {"metric"}
