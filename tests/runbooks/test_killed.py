"""Workers are killed in the middle of runs, at random: nothing that is not idempotent is done twice, and no run is lost.

`BONGSU_KILLS` says how many kills there are, `BONGSU_SEED` which. What cannot be known is asked, and a person who looks
at the world answers; a worker that guessed would show as a mark that is missing or stands there twice.
"""

import os
import random
import threading
import time
from collections import Counter
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psycopg2
import pytest

from core import clock
from runbooks import services
from runbooks.domain.runs import OVER, State
from runbooks.inventory import own
from runbooks.models import Database, Host, Run, RunStep
from tests.integrations.sshd import host
from tests.nursery import Nursery, kill
from tests.runbooks.running import TEXT, book, step

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(1_800)]
KILLS = int(os.environ.get("BONGSU_KILLS", "20"))
SEED = int(os.environ.get("BONGSU_SEED", "7"))
HOSTS = ("app1", "app2", "app3")
GOING = 5  # runs at once
WORKERS = 2
WORK = 0.5  # seconds of a processor, at most, until a worker is killed
ENDS = 180.0  # seconds for what is left when nobody dies any more
APPEND = 'sleep 0.0$2; echo "$1" >>"$HOME/marks"'
INSERT = "INSERT INTO trial_of_kills VALUES (%(mark)s)"


class World:
    """Where each mark that a step leaves is counted, and what a person would look at."""

    def __init__(self, homes, cursor):
        self.homes, self.cursor, self.posts = homes, cursor, Counter()

    def marks(self):
        found = Counter(self.posts)
        for home in self.homes:
            path = home / "marks"
            found.update(path.read_text().split() if path.exists() else [])
        self.cursor.execute("SELECT mark, count(*) FROM trial_of_kills GROUP BY mark")
        found.update(dict(self.cursor.fetchall()))
        return found


@pytest.fixture
def web():
    posts = Counter()

    class Counts(BaseHTTPRequestHandler):
        def do_POST(self):
            time.sleep(0.02)
            posts[self.path.strip("/")] += 1
            time.sleep(0.02)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Counts)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port, posts
    server.shutdown()


@pytest.fixture
def world(tmp_path, web):
    Database.objects.create(name="wallet")
    connection = psycopg2.connect(own())
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute("CREATE TABLE trial_of_kills (mark text)")
    with ExitStack() as hosts:
        for name in HOSTS:
            (tmp_path / name).mkdir()
            at = hosts.enter_context(host(tmp_path / name, tmp_path / "id", name=name)).target
            Host.objects.create(
                name=name, address=at.address, port=at.port, user=at.user, host_key=at.host_key
            )
        made = World([tmp_path / name for name in HOSTS], cursor)
        made.posts = web[1]
        yield made
    cursor.execute("DROP TABLE trial_of_kills")
    connection.close()


@pytest.fixture
def runbook(world, web):
    def command(name, on, mark):
        words = ["sh", "-c", APPEND, "bongsu", mark, "5"]
        return step(name, command={"on": on, "run": words}, timeout="30s")

    def statement(name, mark):
        values = {"on": "wallet", "query": INSERT, "values": {"mark": mark}, "changes": True}
        return step(name, sql=values, timeout="30s")

    post = {"method": "POST", "url": f"http://127.0.0.1:{web[0]}/{{run.id}}-post"}
    each = {"items": "{hosts}", "as": "host", "at_once": 3}
    within = [
        command("lines", "{host}", "{run.id}-lines-{host}"),
        statement("rows", "{run.id}-rows-{host}"),
        step("settle", wait="50ms"),
    ]
    return book(
        command("line", "app1", "{run.id}-line"),
        statement("row", "{run.id}-row"),
        step("pause", wait="100ms"),
        step("each", for_each=each, steps=within),
        step("post", http=post),
        inputs={"hosts": {"type": "hosts", "label": TEXT, "default": list(HOSTS)}},
    )


def marks_of(run):
    alone = [f"{run}-{name}" for name in ("line", "row", "post")]
    return alone + [f"{run}-{name}-{host}" for name in ("lines", "rows") for host in HOSTS]


def mark_of(one):
    host = f"-{one.path.split('/')[1]}" if "/" in one.path else ""
    return f"{one.run_id}-{one.name}{host}"


def decide(person, world, asked):
    """What a person does who is asked: looks at the world, and says what is true there."""
    stuck = RunStep.objects.filter(state__in=[State.UNKNOWN, State.FAILED]).select_related("run")
    for one in stuck:
        time.sleep(1)  # what was on its way has arrived
        done = world.marks()[mark_of(one)] > 0
        asked[f"{one.kind} {one.state}"] += 1
        if done and one.state == State.UNKNOWN:
            services.say_done(one, by=person, at=clock.now(), reason="it stands there")
        elif done:
            services.skip(one, by=person, at=clock.now(), reason="it stands there")
        else:
            services.retry(one, by=person, at=clock.now())


def test_whoever_is_killed_nothing_is_done_twice_and_no_run_is_lost(
    people, world, runbook, tmp_path, tell
):
    chance, asked, lost = random.Random(SEED), Counter(), 0
    with Nursery("tests.runbooks.dying.work", key=str(tmp_path / "id")) as nursery:

        def keep_going():
            for _ in range(GOING - Run.objects.open().count()):
                services.start(runbook, {}, by=people[0], at=clock.database_now())

        workers = [nursery.worker() for _ in range(WORKERS)]
        for _kill in range(KILLS):
            keep_going()
            decide(people[0], world, asked)
            victim = workers.pop(0)
            kill(victim, after=WORK * chance.random(), within=3)
            lost += RunStep.objects.filter(state=State.RUNNING).exists()
            workers.append(nursery.worker())
        until = time.monotonic() + ENDS
        while Run.objects.open().exists() and time.monotonic() < until:
            decide(people[0], world, asked)
            time.sleep(0.1)

    runs = list(Run.objects.values_list("pk", "state"))
    found = world.marks()
    tell(
        f"{KILLS} kills, {lost} with a step under way; {len(runs)} runs, {len(found)} marks; asked: {dict(asked)}"
    )
    assert {state for _run, state in runs} <= OVER, RunStep.objects.exclude(state="done").values()
    assert found == Counter(mark for run, _state in runs for mark in marks_of(run))
