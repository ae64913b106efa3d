import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
import psycopg2
import pytest

from config import postgres
from config.postgres import EmbeddedPostgres, StartError

FAST = {"fsync": "off"}
PARENT = """
import pathlib, time
from config.postgres import EmbeddedPostgres
server = EmbeddedPostgres(pathlib.Path("{home}"), fsync="off")
server.start()
print("ready", flush=True)
time.sleep(60)
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cluster for all tests here: making it is the slow part, starting it is not."""
    home = tmp_path_factory.mktemp("home")
    with postgres.running(home, **FAST):
        return home


@pytest.fixture
def serve() -> Iterator[Callable[[Path], EmbeddedPostgres]]:
    started: list[EmbeddedPostgres] = []

    def start(home: Path) -> EmbeddedPostgres:
        started.append(EmbeddedPostgres(home, **FAST))
        started[-1].start()
        return started[-1]

    yield start
    for server in started:
        server.stop()


def ask(home: Path, query: str) -> list[tuple[Any, ...]]:
    answers = postgres.connection(home)
    with closing(
        psycopg2.connect(
            host=answers.host,
            port=answers.port,
            user=answers.user,
            password=answers.password,
            dbname=answers.name,
        )
    ) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall() if cursor.description else []


def servers_of(home: Path) -> list[psutil.Process]:
    """The server and its helpers, which work in its data folder."""
    data = str(home / "postgres" / "data")
    return [p for p in psutil.process_iter(["cwd", "status"]) if p.info["cwd"] == data]


def test_an_address_can_be_given_before_there_is_a_cluster(tmp_path: Path) -> None:
    address = postgres.connection(tmp_path / "nothing")

    assert (address.user, address.name, address.password) == ("bongsu", "bongsu", "")
    assert not (tmp_path / "nothing").exists()


def test_the_application_is_no_superuser_but_may_make_databases(home: Path, serve: Any) -> None:
    serve(home)

    rights = ask(home, "SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user")

    assert rights == [(False, True)]


def test_what_the_application_revokes_from_itself_stays_revoked(home: Path, serve: Any) -> None:
    serve(home)
    ask(home, "CREATE TABLE past (what text); REVOKE UPDATE ON past FROM bongsu")

    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(home, "UPDATE past SET what = 'changed'")


def test_the_extensions_are_in_new_databases_too(home: Path, serve: Any) -> None:
    serve(home)

    found = ask(home, "SELECT extname FROM pg_extension")

    assert {name for (name,) in found} >= {"pg_trgm", "btree_gist", "pg_stat_statements"}


def test_korean_syllables_are_letters_to_the_trigram_search(home: Path, serve: Any) -> None:
    serve(home)

    assert ask(home, "SELECT cardinality(show_trgm('출금 지연'))") == [(6,)]


def test_nobody_else_can_read_the_passwords_or_the_data(home: Path) -> None:
    folder = home / "postgres"

    modes = {p.name: p.stat().st_mode & 0o777 for p in folder.iterdir()}

    assert modes["application.secret"] == modes["superuser.secret"] == 0o600
    assert modes["data"] == 0o700


def test_stopping_leaves_no_process(home: Path, serve: Any) -> None:
    server = serve(home)
    assert servers_of(home)

    server.stop()

    assert servers_of(home) == []


def test_what_was_committed_survives_a_killed_server(home: Path, serve: Any) -> None:
    server = serve(home)
    ask(home, "CREATE TABLE kept AS SELECT 1 AS one")
    server.server.kill()
    server.server.wait()

    server.start()

    assert ask(home, "SELECT one FROM kept") == [(1,)]


def test_a_server_whose_supervisor_was_killed_is_replaced_by_our_own(
    home: Path, serve: Any
) -> None:
    orphan = serve(home)

    ours = serve(home)

    assert ours.alive
    assert not orphan.alive


def test_a_lock_file_that_names_a_stranger_is_no_obstacle(home: Path, serve: Any) -> None:
    lock = home / "postgres" / "data" / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n{lock.parent}\n")

    assert serve(home).alive


def test_a_first_start_that_was_killed_half_way_is_begun_again(tmp_path: Path, serve: Any) -> None:
    half = tmp_path / "postgres" / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18")

    serve(tmp_path)

    assert ask(tmp_path, "SELECT 1") == [(1,)]
    assert not half.exists()


def test_a_home_with_a_path_too_long_for_a_socket_works(tmp_path: Path, serve: Any) -> None:
    home = tmp_path / ("long" * 25)

    server = serve(home)

    assert postgres.connection(home).host.startswith("/tmp/bongsu-")
    assert ask(home, "SELECT 1") == [(1,)]
    server.stop()
    assert not Path(postgres.connection(home).host).exists()


def test_a_start_that_was_killed_while_making_the_socket_folder_stops_no_later_one(
    tmp_path: Path, serve: Any
) -> None:
    Path(postgres.connection(tmp_path).host).mkdir(mode=0o700, parents=True)

    serve(tmp_path)

    assert ask(tmp_path, "SELECT 1") == [(1,)]


def test_a_socket_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    home = tmp_path / ("trap" * 25)
    trap = Path(postgres.connection(home).host)
    trap.mkdir(mode=0o777)
    trap.chmod(0o777)
    try:
        with pytest.raises(StartError, match="belongs to somebody else"):
            EmbeddedPostgres(home).start()
    finally:
        trap.rmdir()


def test_a_home_that_cannot_be_written_is_a_sentence_not_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StartError, match="choose another BONGSU_HOME"):
        EmbeddedPostgres(tmp_path / "file").start()


def test_a_setting_the_server_refuses_is_explained_by_its_own_words(home: Path) -> None:
    with pytest.raises(StartError, match="max_connections"):
        EmbeddedPostgres(home, max_connections="none").start()


def test_the_server_ends_when_its_parent_is_killed(home: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT.format(home=home)], text=True, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "ready\n"
        found = servers_of(home)
        parent.kill()

    gone, alive = psutil.wait_procs(found, timeout=10)

    assert gone
    assert not alive
