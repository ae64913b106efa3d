"""Real files, rotated as logrotate does it, and a watcher that dies in the middle."""

import os
import shutil
import time

import pytest

from monitoring import services
from monitoring.logwatch import files
from monitoring.models import LogFile, LogSource

pytestmark = pytest.mark.django_db


def write(path, *lines):
    with path.open("ab") as file:
        file.write("".join(f"{line}\n" for line in lines).encode())


def numbered(start, end):
    return [f"{n} failed" for n in range(start, end)]


def test_lines_are_read_as_they_are_written(watch, log, source, pattern, counted):
    write(log, "one", "two failed")
    watch()
    write(log, "three failed")
    watch()

    assert counted() == (3, 2)


def test_what_is_there_already_is_read_only_when_asked_for(watch, log, source, pattern, counted):
    LogSource.objects.update(from_start=False)
    write(log, *numbered(0, 50))
    watch()
    write(log, "new failed")
    watch()

    assert counted() == (1, 1)


def test_a_file_that_is_not_there_yet_is_said_and_read_from_its_beginning(
    watch, log, source, pattern, counted
):
    LogSource.objects.update(from_start=False)
    watch()
    source.refresh_from_db()
    assert source.trouble == f"missing|{log}"

    write(log, "one failed")
    watch()

    assert counted() == (1, 1)
    assert source.trouble == ""


def test_half_a_line_waits_for_its_other_half(watch, log, source, pattern, counted):
    with log.open("ab") as file:
        file.write(b"one fai")
    watch()
    write(log, "led")
    watch()

    assert counted() == (1, 1)


def test_rotation_by_renaming_while_the_writer_writes_on(watch, log, source, pattern, counted):
    with log.open("ab", buffering=0) as writer:
        writer.write(b"1 failed\n")
        watch()
        log.rename(log.with_suffix(".log.1"))
        writer.write(b"2 failed\n")
        write(log, "3 failed")
        watch()
        writer.write(b"4 failed\n")  # it was not told to open the new file yet
        watch()

    assert counted() == (4, 4)


def test_a_renamed_file_is_let_go_when_nobody_writes_to_it_any_more(watch, log, source, pattern):
    write(log, "1 failed")
    watch()
    log.rename(log.with_suffix(".log.1"))
    write(log, "2 failed")
    watch()
    assert LogFile.objects.count() == 2

    watch(seconds=files.LINGER)
    watch()

    assert LogFile.objects.get().inode == log.stat().st_ino


@pytest.mark.parametrize("after", [[], numbered(10, 12), numbered(10, 60)])
def test_copy_and_truncate_loses_nothing_that_stands_in_the_copy(
    watch, log, source, pattern, counted, after
):
    write(log, *numbered(0, 5))
    watch()
    write(log, *numbered(5, 10))  # not read yet
    shutil.copy(log, log.with_suffix(".log.1"))
    os.truncate(log, 0)
    write(log, *after)
    watch()

    assert counted() == (10 + len(after), 10 + len(after))


def test_a_copy_that_the_pattern_of_files_takes_in_is_not_read_again(
    watch, log, source, pattern, counted
):
    LogSource.objects.update(place=f"{log}*")
    write(log, *numbered(0, 5))
    watch()
    shutil.copy(log, log.with_suffix(".log.1"))
    watch()
    os.truncate(log, 0)
    write(log, *numbered(5, 7))
    watch()

    assert counted() == (7, 7)


def test_a_death_loses_and_repeats_no_line(watch, log, source, pattern, counted):
    write(log, *numbered(0, 5))
    watch()
    write(log, *numbered(5, 8))
    watch.watcher.round()  # read, and not written
    watch.dies()
    write(log, *numbered(8, 10))
    watch()

    assert counted() == (10, 10)


def test_a_trace_that_was_not_whole_when_it_died_is_read_whole(
    watch, log, source, pattern, counted
):
    write(log, "one", "ERROR it failed", "\tat a", "\tat b")
    watch.watcher.round()
    watch.clock.at += 0.5
    watch.watcher.round()
    watch.dies()
    write(log, "\tat c", "next")
    watch()

    assert counted() == (6, 1)
    assert source.findings.get().line == "ERROR it failed\n\tat a\n\tat b\n\tat c"


@pytest.mark.parametrize("how", ["rename", "copy"])
def test_rotation_while_nobody_looks(watch, log, source, pattern, counted, how):
    write(log, *numbered(0, 5))
    watch()
    watch.dies()
    write(log, *numbered(5, 8))
    if how == "rename":
        log.rename(log.with_suffix(".log.1"))
    else:
        shutil.copy(log, log.with_suffix(".log.1"))
        os.truncate(log, 0)
    write(log, *numbered(8, 10))
    watch()

    assert counted() == (10, 10)


@pytest.mark.parametrize("alive", [True, False])
@pytest.mark.parametrize("names", ["app.log.{}", "app-2026112{}.log"])
def test_what_began_and_was_rotated_away_while_nobody_looked(
    watch, log, source, pattern, counted, alive, names
):
    write(log.with_name("app.log.9"), "of long ago failed")
    write(log.with_name("app-old.log"), "of another log failed")
    write(log, *numbered(0, 5))
    watch()
    if not alive:
        watch.dies()
    for turn in (1, 2, 3):
        write(log, *numbered(10 * turn, 10 * turn + 5))
        log.rename(log.with_name(names.format(turn)))
        time.sleep(0.01)  # two files of one moment could not be told apart
    write(log, "100 failed")
    watch()

    assert counted() == (21, 21)


def test_a_new_file_with_the_number_of_a_deleted_one_is_read_whole(
    watch, log, source, pattern, counted
):
    write(log, *numbered(0, 5))
    watch()
    watch.dies()
    log.unlink()
    write(log, *numbered(100, 120))
    LogFile.objects.update(inode=log.stat().st_ino)
    watch()

    assert counted() == (25, 25)


def test_a_permission_that_is_refused_is_said_until_it_is_given(
    watch, log, source, pattern, monkeypatch
):
    write(log, "one failed")
    real = os.open

    def refused(path, *rest, **more):
        if str(path) == str(log):
            raise PermissionError(13, "Permission denied")
        return real(path, *rest, **more)

    with monkeypatch.context() as patch:  # the tests may run as root, who is refused nothing
        patch.setattr(os, "open", refused)
        watch()
    source.refresh_from_db()
    assert source.trouble == f"refused|{log}"

    watch()
    source.refresh_from_db()
    assert (source.trouble, source.lines) == ("", 1)


def test_a_pipe_or_a_folder_holds_nobody_up(watch, log, source):
    os.mkfifo(log)
    watch()
    source.refresh_from_db()

    assert source.trouble == f"no_file|{log}"


def test_bytes_of_no_language_holes_and_lines_without_end(watch, log, source, pattern, counted):
    log.write_bytes(
        b"\xff\xfe failed \xc3\n" + b"\0" * 9_000 + b"x failed\n" + b"y" * 300_000 + b"\nz failed\n"
    )
    watch()

    assert counted() == (4, 3)
    assert source.cut == 1
    assert source.findings.get().line == "\\xff\\xfe failed \\xc3"


def test_many_files_by_a_pattern_and_new_ones_among_them(watch, tmp_path, source, pattern, counted):
    LogSource.objects.update(place=str(tmp_path / "*.log"))
    for n in range(5):
        write(tmp_path / f"{n}.log", f"{n} failed")
    watch()
    write(tmp_path / "new.log", "new failed")
    (tmp_path / "old.log.gz").write_bytes(b"failed\n")
    watch()

    assert counted() == (6, 6)


def test_another_place_is_read_as_a_new_log(watch, tmp_path, log, source, pattern, counted):
    write(log, *numbered(0, 5))
    watch()
    other = tmp_path / "other.log"
    write(other, *numbered(0, 3))
    source.place = str(other)
    services.keep_log_source(source)
    watch(seconds=4)
    write(log, "6 failed")
    watch()

    assert counted() == (8, 8)
    assert LogFile.objects.get().path == str(other)
