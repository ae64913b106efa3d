"""From what a collector reads on a real server, by the rules that come with the product, to who is called."""

import contextlib
from datetime import timedelta
from pathlib import Path

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

JUDGED_EVERY = timedelta(seconds=15)

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
    run(check, ago=timedelta(minutes=1))
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

    run(check, ago=timedelta(minutes=1))
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


def titles() -> list[tuple[str, str]]:
    return list(Alert.objects.open().order_by("pk").values_list("severity", "title"))
