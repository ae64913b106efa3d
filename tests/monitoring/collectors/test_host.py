"""This machine, its disks and its processes, as they are."""

import os
import subprocess
import sys
import time

import psutil
import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from monitoring.registry import collectors

ALWAYS = {
    "host_cpu_used", "host_cpus", "host_load_1m", "host_load_5m", "host_load_15m",
    "host_memory_used", "host_memory_available_bytes", "host_uptime_seconds", "host_processes",
    "host_disk_used", "host_disk_free_bytes",
}  # fmt: skip


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(collectors["host"], "last", None)
    with translation.override("en"):
        yield


@pytest.fixture
def child():
    """A process that computes, with two files open."""
    code = "f = [open('/dev/null') for _ in range(2)]\nprint(flush=True)\nwhile True: pass"
    process = subprocess.Popen(
        [sys.executable, "-c", code, "지갑-노드"], stdout=subprocess.PIPE
    )  # fmt: skip
    assert process.stdout.readline()
    yield process
    process.kill()
    process.wait()


def test_a_host_says_how_it_is(take):
    found = take("host")

    assert found.fault == ""
    assert found.names >= ALWAYS
    assert 0 <= found.value("host_cpu_used") <= 100
    assert 0 < found.value("host_memory_used") <= 100
    assert found.value("host_cpus") == psutil.cpu_count()
    assert found.value("host_uptime_seconds") > 0


def test_the_second_look_needs_no_wait_and_knows_what_happened_since(take, monkeypatch):
    take("host")
    monkeypatch.setattr(collectors["host"], "last", aged(collectors["host"].last))
    monkeypatch.setattr(time, "sleep", lambda seconds: pytest.fail("it waited"))

    assert take("host").fault == ""


def aged(look):
    return type(look)(at=look.at - 30, cpu=look.cpu, counters=look.counters)


def test_a_full_disk_is_seen(take, tmp_path):
    """A small file system of its own, made to run out of space and of inodes."""
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m,nr_inodes=20", "tmpfs", tmp_path],
        capture_output=True, check=False,
    )  # fmt: skip
    if made.returncode:
        pytest.skip("a file system can only be mounted by root")
    try:
        for number in range(15):
            (tmp_path / f"{number}").touch()
        (tmp_path / "0").write_bytes(b"x" * 900 * 1024)

        found = take("host", mounts=str(tmp_path))

        assert found.value("host_disk_used", mount=str(tmp_path)) > 80
        assert found.value("host_disk_inodes_used", mount=str(tmp_path)) >= 75
        assert found.value("host_disk_free_bytes", mount=str(tmp_path)) < 200 * 1024
    finally:
        subprocess.run(["umount", tmp_path], check=True)


def test_a_mount_that_is_not_there_is_said_after_all_else(take):
    found = take("host", mounts="/\n/없는 곳")

    assert found.fault == "/없는 곳 cannot be looked at: No such file or directory."
    assert found.names >= ALWAYS


def test_the_portals_own_rates_are_in_bytes_a_second(take):
    units = {one.name: one.unit for one in take("host").readings}

    for name in units.keys() & {"host_disk_read_bytes", "host_network_sent_bytes"}:
        assert units[name] == "B/s"


def test_a_process_is_found_by_its_command_and_measured(take, child):
    found = take("process", command="지갑-노드")

    assert found.fault == ""
    assert found.value("process_count") == 1
    assert found.value("process_cpu") > 10
    assert found.value("process_memory_bytes") > 1_000_000
    assert found.value("process_open_files") >= 4
    assert 0 <= found.value("process_age_seconds") < 60


def test_a_process_is_found_by_its_pid_file(take, child, tmp_path):
    file = tmp_path / "node.pid"
    file.write_text(f"{child.pid}\nmore\n")

    assert take("process", pid_file=str(file)).value("process_count") == 1
    child.kill()
    child.wait()
    gone = take("process", pid_file=str(file))

    assert gone.value("process_count") == 0
    assert gone.fault == "0 processes run, not 1."


def test_a_process_is_found_by_its_name(take, child):
    name = psutil.Process(child.pid).name()

    assert take("process", name=name).value("process_count") >= 1
    assert take("process", name=name[:-1] + "?").value("process_count") == 0


def test_too_few_are_a_fault_that_says_how_many(take, child):
    found = take("process", command="지갑-노드", at_least=2)

    assert found.fault == "1 processes run, not 2."
    assert "process_cpu" in found.names


@pytest.mark.parametrize("said", ["", "node", "-1", "0", "9" * 31, "\0"])
def test_a_pid_file_without_a_pid_is_no_crash(take, tmp_path, said):
    file = tmp_path / "node.pid"
    file.write_text(said)

    assert take("process", pid_file=str(file)).fault


def test_an_endless_pid_file_is_read_no_further_than_a_number_needs(take):
    assert take("process", pid_file="/dev/zero").fault


def test_a_pipe_is_no_pid_file_and_nobody_waits_at_it(take, tmp_path):
    os.mkfifo(tmp_path / "pipe")

    assert take("process", pid_file=str(tmp_path / "pipe")).fault


def test_a_pid_file_that_is_not_there_is_said(take):
    found = take("process", pid_file="/nowhere")

    assert found.fault == "The pid file cannot be read: No such file or directory."


def test_which_process_must_be_said():
    with pytest.raises(ValidationError):
        collectors["process"].cleaned({})


def test_a_dead_child_that_nobody_buried_is_no_process(take):
    child = subprocess.Popen(["sleep", "0", "0"])
    deadline = time.monotonic() + 10
    while psutil.Process(child.pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline

    assert take("process", name="sleep", command="sleep 0 0").value("process_count") == 0
    child.wait()
