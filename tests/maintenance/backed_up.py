"""A small database with a plan for its backups, and what can happen to one of them."""

import hashlib
import json
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from psycopg2.extensions import make_dsn

from config.cluster import SUPERUSER, Cluster
from core import clock
from integrations import pg_databases, pg_programs
from maintenance.models import Backup, BackupPlan
from maintenance.services.backups import back_up
from runbooks.models import Database
from tests.environment import HOME
from tests.runbooks.databases import address, session

ONE = timedelta(seconds=1)
FILLED = """
    CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL);
    CREATE TABLE ledger (id bigserial PRIMARY KEY, owner int REFERENCES users, note text);
    INSERT INTO users SELECT n, 'user ' || n FROM generate_series(1, 100) n;
    INSERT INTO ledger (owner, note) SELECT 1 + n % 100, repeat(md5(n::text), 6) FROM generate_series(1, 2000) n"""


def root():
    secret = Cluster(HOME).secret("superuser")
    return str(make_dsn(address(), user=SUPERUSER, password=secret))


@contextmanager
def database():
    name = f"kept_{uuid4().hex[:8]}"
    with session(address()) as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    try:
        where = address(name)
        with session(where) as cursor:
            cursor.execute(FILLED)
        yield where
    finally:
        pg_databases.drop(root(), name, seconds=30)


def plan_of(where, place, **more):
    row = Database.objects.create(name="ledger", address=where)
    return BackupPlan.objects.create(name="ledger", database=row, place=str(place), **more)


class Kept:
    """The newest backup of a plan as it lies in its folder."""

    def __init__(self, plan: BackupPlan, where: str) -> None:
        self.plan, self.where = plan, where
        made = back_up(
            plan, at=clock.database_now() - ONE
        )  # what a test makes next has its own second
        assert made.state == "made", made.flaws
        self.row: Backup = made
        self.manifest = Path(plan.place, f"{made.stem}.json")

    @property
    def body(self):
        return json.loads(self.manifest.read_text())

    @property
    def dump(self):
        return self.manifest.with_name(self.body["dump"])

    def claim(self, **facts):
        self.manifest.write_text(json.dumps(self.body | facts))

    def vouched_for(self, content: bytes):
        """Whoever writes this dump writes its size and checksum as well, also into our row: it was made like that."""
        self.exchanged(content)
        Backup.objects.filter(pk=self.row.pk).update(sha256=self.body["sha256"])

    def exchanged(self, content: bytes):
        """Both files, by somebody who does not reach our rows."""
        self.dump.write_bytes(content)
        self.claim(size=len(content), sha256=hashlib.sha256(content).hexdigest())

    def dumped_again(self, *arguments):
        """As by a maker that left something out, and noticed nothing."""
        how = ("--format=custom", f"--file={self.dump}", *arguments)
        pg_programs.run("pg_dump", *how, seconds=60, dsn=self.where)
        self.vouched_for(self.dump.read_bytes())
