"""From what a collector reads on a real server, by the rules that come with the product, to who is called."""

import contextlib
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest

from core import clock
from incidents import services
from incidents.models import Incident
from monitoring import services as monitoring
from monitoring.models import Alert, Check
from monitoring.registry import collectors
from monitoring.taking import take
from teams.models import Service
from tests.monitoring.collectors.servers import Database, database
from tests.running import until

JUDGED_EVERY = timedelta(seconds=15)
MINUTE = timedelta(minutes=1)

pytestmark = [pytest.mark.django_db, pytest.mark.enable_socket]


@pytest.fixture(autouse=True)
def only_ours(seeded):
    Check.objects.all().delete()


@pytest.fixture
def server(tmp_path: Path, monkeypatch):
    with database(tmp_path, max_connections="11", superuser_reserved_connections="3") as server:
        monkeypatch.setenv("CHECKED_PASSWORD", server.where.password)
        yield server


def watched(server: Database) -> Check:
    return Check.objects.create(
        name="wallet-db", collector="postgresql", settings=server.settings,
        service=Service.objects.get(slug="database"),
    )  # fmt: skip


def run(check: Check, *, ago: timedelta = timedelta(0)) -> None:
    """Once, as the crew does it, and judged as the ticks do."""
    at = clock.database_now() - ago
    service = check.service.slug if check.service else ""
    outcome = take(check.collector, collectors[check.collector].cleaned(check.settings), timeout=3)
    monitoring.note_runs([(check.job(at=at, service=service), outcome)], at=at)
    monitoring.apply_rules(at=at + JUDGED_EVERY)
    while services.take_in(at=at):
        pass


def kill(server: Database) -> None:
    with contextlib.closing(server.connect()) as known:
        postmaster = psutil.Process(known.info.backend_pid).parent()
    assert postmaster is not None
    postmaster.kill()
    postmaster.wait(10)


def test_a_database_that_is_killed_is_a_p0_and_what_stands_on_it_calls_nobody(server, fire):
    check = watched(server)
    run(check, ago=MINUTE)
    assert not Alert.objects.open().exists()

    kill(server)
    run(check)
    fire("slow", service="withdrawals", severities=["P1"])

    incident = Incident.objects.get()
    assert (incident.severity, incident.title) == (
        "P0", "wallet-db: 데이터베이스가 연결을 받지 않아요",
    )  # fmt: skip
    down = Alert.objects.get(service="database")
    assert Alert.objects.get(service="withdrawals").because_of == down


def test_a_database_that_runs_out_of_connections_is_told_before_and_when_it_is_out(server):
    check = watched(server)
    with taken(server, 6) as held:  # of the eight that are not reserved
        for ago in (7, 6, 5):
            run(check, ago=ago * MINUTE)
            assert until(lambda: clients(held) == 6, within=20)
        assert called() == [("P1", "wallet-db: 연결을 87.5% 쓰고 있어요")]

        with taken(server, 2):
            run(check, ago=4 * MINUTE)
        assert called()[1:] == [("P0", "wallet-db: 데이터베이스가 연결을 받지 않아요")]
        assert until(lambda: clients(held) == 6, within=20)

    for ago in (3, 2, 1):
        run(check, ago=ago * MINUTE)
    assert not Alert.objects.open().filter(severity="P0").exists()


@contextlib.contextmanager
def taken(server: Database, count: int) -> Iterator[Any]:
    """So many connections held; gives one of them."""
    with contextlib.ExitStack() as held:
        opened = [held.enter_context(contextlib.closing(server.connect())) for _ in range(count)]
        yield opened[-1]


def clients(connection: Any) -> int:
    """A server lets go of a session a moment after its client has."""
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
        )
        return int(cursor.fetchone()[0])


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", tmp_path],
        capture_output=True, check=False,
    )  # fmt: skip
    if made.returncode:
        pytest.skip("a file system can only be mounted by root")
    yield tmp_path
    subprocess.run(["umount", tmp_path], check=True)


def test_a_disk_that_fills_up_calls_once_it_has_been_full_for_a_while(small_disk):
    check = Check.objects.create(
        name="machine", collector="host", host="wallet-1", settings={"mounts": str(small_disk)}
    )
    run(check, ago=7 * MINUTE)
    with contextlib.suppress(OSError), (small_disk / "journal").open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)

    for ago in range(6, 1, -1):
        run(check, ago=ago * MINUTE)
    assert not called()
    run(check, ago=MINUTE)

    assert called() == [("P1", f"wallet-1 {small_disk}: 디스크를 100% 썼어요")]


@pytest.fixture
def guarded(tmp_path: Path) -> Path:
    path = tmp_path / "authorized_keys"
    path.write_text("ssh-ed25519 AAAA ops")
    return path


def looks_after(path: Path, **more: object) -> Check:
    return Check.objects.create(
        name="files", collector="security", host="wallet-1", kind="security",
        settings={"portal": False, "watched": str(path)} | more,
    )  # fmt: skip


def test_a_guarded_file_without_a_sum_that_is_touched_and_removed_is_told_each_time(guarded):
    check = looks_after(guarded)

    run(check, ago=MINUTE)
    assert titles() == [("P2", f"wallet-1: {guarded} 파일이 방금 수정됐어요")]

    guarded.unlink()
    run(check)
    assert titles()[-1] == ("P1", f"wallet-1: {guarded} 파일이 없어졌어요")


@pytest.mark.parametrize(
    ("program", "text", "title"),
    [
        ("sudo", "     kim : user NOT in sudoers ; TTY=pts/0", "wallet-1: 몇 분 사이 sudo가 4번 실패했어요"),
        ("su", "FAILED SU (to root) kim on pts/0", "wallet-1: 몇 분 사이 su가 4번 실패했어요"),
    ],
)  # fmt: skip
def test_who_tries_to_become_root_is_told_of(guarded, program, text, title):
    at = clock.now().astimezone()
    line = f"{at:%b} {at.day:2} {at:%H:%M:%S} wallet-1 {program}: {text}\n"
    guarded.with_name("auth.log").write_text(4 * line)

    run(looks_after(guarded, watched="", log=str(guarded.with_name("auth.log"))))

    assert titles() == [("P3", title)]


def called() -> list[tuple[str, str]]:
    return list(Incident.objects.order_by("pk").values_list("severity", "title"))


def titles() -> list[tuple[str, str]]:
    return list(Alert.objects.open().order_by("pk").values_list("severity", "title"))
