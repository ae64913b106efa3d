"""A sealed file is read whole by who has the key, and by nobody else; whatever happened to it is said."""

import os
import stat
import threading
from concurrent.futures import ThreadPoolExecutor, wait

import pytest

from core.sealed import Sealed, Unreadable, write

SECRET = "a key of the installation"
PIECES = [b"first" * 100, b"", b"third", b"the last" * 50]


@pytest.fixture
def path(tmp_path):
    found = tmp_path / "kept"
    write(found, PIECES, secret=SECRET, about={"at": "today"})
    return found


def read(path, secret=SECRET):
    return list(Sealed(path, secret=secret).pieces())


@pytest.mark.parametrize("pieces", [PIECES, [b"one"], [b"x" * 3_000_000] * 2])
def test_what_was_written_is_read(tmp_path, pieces):
    path = tmp_path / "kept"
    write(path, pieces, secret=SECRET, about={"at": "today"})
    assert read(path) == pieces
    assert Sealed(path, secret=SECRET).about["at"] == "today"


def test_of_nothing_there_is_an_empty_piece(tmp_path):
    write(tmp_path / "kept", [], secret=SECRET, about={})
    assert read(tmp_path / "kept") == [b""]


def test_only_its_owner_reads_even_the_sealed_bytes(path):
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert b"first" not in path.read_bytes()
    assert list(path.parent.iterdir()) == [path]


def test_two_files_of_the_same_have_nothing_in_common(path, tmp_path):
    again = tmp_path / "again"
    write(again, PIECES, secret=SECRET, about={"at": "today"})
    assert path.read_bytes()[-40:] != again.read_bytes()[-40:]


def test_another_key_is_told_from_damage(path):
    with pytest.raises(Unreadable, match="another key"):
        read(path, "another")


def test_nothing_there_is_said(tmp_path):
    with pytest.raises(Unreadable, match="There is no"):
        read(tmp_path / "nothing")


def test_a_change_of_any_byte_is_noticed(path):
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(Unreadable):
            read(path)


def test_an_end_anywhere_but_at_the_end_is_noticed(path):
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(Unreadable):
            read(path)


def test_a_writer_that_dies_leaves_the_last_one(path):
    def dying():
        yield b"half"
        raise MemoryError

    with pytest.raises(MemoryError):
        write(path, dying(), secret=SECRET, about={"at": "tomorrow"})
    assert read(path) == PIECES
    write(path, [b"next"], secret=SECRET, about={})
    assert os.listdir(path.parent) == ["kept"]


def test_two_who_write_at_once_wait_for_each_other(tmp_path):
    path, begun, go_on = tmp_path / "kept", threading.Event(), threading.Event()

    def slowly():
        yield b"slow"
        begun.set()
        go_on.wait(30)
        yield b"and whole"

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(write, path, slowly(), secret=SECRET, about={})
        begun.wait(30)
        second = pool.submit(write, path, [b"quick"], secret=SECRET, about={})
        assert not wait([second], timeout=0.3).done
        go_on.set()
        first.result(30)
        second.result(30)

    assert read(path) == [b"quick"]
    assert [one.name for one in tmp_path.iterdir()] == ["kept"]
