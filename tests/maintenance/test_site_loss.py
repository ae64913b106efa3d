"""`manage.py gameday site-loss`: a primary killed under writes, its replica promoted, and one story told by two."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest

from config.gamedays import GAMEDAYS
from config.gamedays.pair import pair
from core import clock
from integrations import pg_replicas
from integrations.pg_replicas import Part
from integrations.postgresql import Fault, plain_session
from maintenance.models import DataCopy, Failover, KeptData, Site
from runbooks import services
from runbooks.crew import Crew
from runbooks.models import Database, Purpose, Run, Runbook
from runbooks.services import load_library
from runbooks.step import Came, Work, steps
from teams.models import User

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(280)]


@pytest.fixture
def people(db):
    return [
        User.objects.create(username=name, email=f"{name}@company.com", role="commander")
        for name in ("ana", "ben")
    ]


@pytest.fixture
def town(seeded, settings, tmp_path):
    settings.BONGSU_HOME = tmp_path
    settings.SANDBOX = settings.TRON_NODE_URL = "http://127.0.0.1:9"
    load_library(at=clock.now())
    if not Site.objects.exists():
        for place, slug in enumerate(("seoul", "busan")):
            Site.objects.create(
                slug=slug, name_ko=slug, name_en=slug, place=place, serves=not place
            )
    return tmp_path


def worker():
    crew = Crew()

    def between():
        for _part in range(4):
            for run in services.going(at=clock.database_now()):
                crew.advance(run)
            services.execute_next(at=clock.database_now())
            time.sleep(0.2)

    return between


def played(told):
    return GAMEDAYS["site-loss"](told.append, worker())


def test_the_report_says_what_somebody_outside_saw_and_nothing_is_left(town, people, tell):
    told = []
    assert played(told) == "recovered", told
    tell("\n".join(line for line in told if "OUTSIDE" in line or "REPORT" in line))
    known = Failover.objects.get()
    assert known.drill
    assert not known.planned
    assert known.known.lost.most.total_seconds() > 1  # the line hung for seconds
    assert not (town / "gameday-sites").exists()
    assert not KeptData.objects.filter(exercise=True).exists()
    assert not DataCopy.objects.filter(database__name__startswith="gameday").exists()
    assert not Database.objects.filter(name__startswith="gameday").exists()
    assert not Run.objects.open().exists()
    assert Site.objects.get(serves=True).place == 0  # of a game nobody serves anywhere else


@pytest.fixture
def two(town):
    """A primary and its replica, recorded as copies at two sites."""
    with pair(town / "two") as servers:
        data = KeptData.objects.create(slug="wallets", name_ko="지갑", name_en="Wallets")
        sites = Site.objects.order_by("place")[:2]
        for site, name, server in zip(sites, ("old", "new"), servers, strict=True):
            database = Database.objects.create(name=name, address=server.dsn)
            DataCopy.objects.create(data=data, site=site, database=database)
        yield servers


def moved(key, primary, replica, people):
    """The run, to its end or to where it stops; whoever else there is approves."""
    book = Runbook.objects.get(key=key)
    inputs = {"primary": primary, "replica": replica}
    run = services.start(
        book.current, inputs, by=people[0], at=clock.database_now(), purpose=Purpose.MAINTENANCE
    )
    between = worker()
    while run.state == "running":
        for step in run.steps.filter(action__state="proposed").select_related("action"):
            services.approve(step.action, by=people[1], at=clock.database_now())
        between()
        run.refresh_from_db()
    return run


def write(server):
    with plain_session(server.dsn, seconds=10) as asked:
        asked.execute("CREATE TABLE IF NOT EXISTS moves (at timestamptz)")
        asked.execute("INSERT INTO moves VALUES (now())")


def count(server):
    with plain_session(server.dsn, seconds=10) as asked:
        return asked.row("SELECT count(*) FROM moves")[0]


def test_a_planned_move_loses_nothing_and_back_again(two, people):
    old, new = two
    write(old)
    run = moved("site-failover", "old", "new", people)
    assert run.state == "done", [(one.name, one.text) for one in run.steps.all()]
    found = Failover.objects.get()
    assert (found.planned, found.known.lost.most.total_seconds()) == (True, 0)
    assert Site.objects.get(serves=True).place == 1
    write(new)
    assert count(new) == 2
    with pytest.raises(Fault, match="read-only"):
        write(old)

    stuck = moved("site-failback", "new", "old", people)  # nobody has rebuilt it yet
    assert (stuck.state, stuck.steps.get(name="follows").state) == ("stopped", "failed")
    assert new.part is Part.LEADS
    services.abort(stuck, by=people[0], at=clock.database_now(), reason="rebuilt first")

    old.kill()
    old.follow(new)
    old.start()
    back = moved("site-failback", "new", "old", people)
    assert back.state == "done", [(one.name, one.text) for one in back.steps.all()]
    assert Site.objects.get(serves=True).place == 0
    write(old)
    assert count(old) == 3


def test_a_replica_is_never_promoted_while_the_old_primary_takes_writes(two):
    settings = {"on": "new", "instead_of": "old"}
    now = clock.database_now()
    work = Work(1, 1, "key", settings, timedelta(seconds=20), now, now)
    came = steps["promote_database"].run(work)
    assert came.came is Came.FAILED
    assert two[1].part is Part.FOLLOWS


def test_taking_back_opens_writes_only_while_the_other_one_follows(two):
    now = clock.database_now()

    def fence(**more):
        given = {"on": "old", "for": "new", **more}
        work = Work(1, 1, "key", given, timedelta(seconds=20), now, now)
        return steps["fence_database"].run(work).came

    assert fence() is Came.DONE
    assert two[0].part is Part.FENCED
    assert fence(release=True) is Came.DONE
    assert two[0].part is Part.LEADS
    assert fence() is Came.DONE
    pg_replicas.promote(two[1].dsn, seconds=20)
    assert fence(release=True) is Came.FAILED


def test_whoever_goes_on_after_a_death_promotes_nothing_twice_and_keeps_where_the_old_log_ended(
    two,
):
    now = clock.database_now()
    given = {"on": "new", "instead_of": "old"}
    kept: dict[str, object] = {}
    first = Work(1, 1, "key", given, timedelta(seconds=20), now, now, remember=kept.update)
    two[0].kill()
    assert steps["promote_database"].run(first).came is Came.DONE
    write(two[1])

    successor = replace(first, again=True, remembered=kept)
    came = steps["promote_database"].run(successor)
    assert came.came is Came.DONE
    assert came.facts["place"] == kept["place"]
