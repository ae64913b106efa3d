"""What waits to be sent outlives a kill, stays in order and takes no more room than it may."""

import gzip
from pathlib import Path

import pytest

from monitoring.buffering import BLOCK, Buffer, Taken

MUCH = 1_000_000


def packed(text: str) -> bytes:
    return gzip.compress(text.encode(), mtime=0)


def waiting(buffer: Buffer, limit: int = MUCH) -> str:
    _entries, body = buffer.first(limit)
    return gzip.decompress(body).decode() if body else ""


def reopened(buffer: Buffer, **more: int) -> Buffer:
    """As the next process finds it: the lock is gone with the one before."""
    buffer._lock.close()
    return Buffer(buffer.folder, most=more.get("most", MUCH))


@pytest.fixture
def buffer(tmp_path: Path) -> Buffer:
    return Buffer(tmp_path / "agent", most=MUCH)


def test_what_is_added_is_sent_in_its_order_as_one_body(buffer):
    for word in ("하나", "둘", "셋"):
        buffer.add(packed(word), 1)

    assert waiting(buffer) == "하나둘셋"
    entries, _body = buffer.first(MUCH)
    buffer.sent(entries)
    assert waiting(buffer) == ""
    assert buffer.bytes == 0
    assert list(buffer.folder.glob("*.gz")) == []


def test_no_more_than_asked_for_is_taken_and_at_least_one(buffer):
    for word in "abc":
        buffer.add(packed(word), 1)

    assert waiting(buffer, limit=1) == "a"
    assert waiting(buffer, limit=2 * len(packed("a"))) == "ab"


def test_never_more_parts_than_the_portal_unpacks(buffer):
    for _ in range(150):
        buffer.add(packed("x"), 1)

    assert waiting(buffer) == "x" * 90


def test_the_next_process_goes_on_where_the_killed_one_was(buffer):
    buffer.add(packed("하나"), 1)
    buffer.add(packed("둘"), 1)
    (buffer.folder / "000000000003-1.new").write_bytes(b"half of")

    after = reopened(buffer)
    after.add(packed("셋"), 1)

    assert waiting(after) == "하나둘셋"
    assert not list(after.folder.glob("*.new"))


def test_of_too_much_the_oldest_is_dropped_and_counted(tmp_path):
    buffer = Buffer(tmp_path, most=3 * BLOCK)
    for word in "abcde":
        buffer.add(packed(word), 7)

    assert waiting(buffer) == "cde"
    assert buffer.dropped == 14
    assert reopened(buffer).dropped == 14


def test_one_that_is_larger_than_all_the_room_is_kept_alone(tmp_path):
    buffer = Buffer(tmp_path, most=1)
    buffer.add(packed("a"), 1)
    buffer.add(packed("b"), 1)

    assert waiting(buffer) == "b"


def test_what_was_dropped_while_it_was_on_its_way_is_no_trouble(tmp_path):
    buffer = Buffer(tmp_path, most=BLOCK)
    buffer.add(packed("a"), 1)
    entries, _body = buffer.first(MUCH)
    buffer.add(packed("b"), 1)

    buffer.sent(entries)

    assert waiting(buffer) == "b"
    assert buffer.bytes == BLOCK


def test_two_agents_do_not_share_a_folder(buffer):
    with pytest.raises(Taken):
        Buffer(buffer.folder, most=MUCH)


def test_a_disk_that_takes_nothing_is_made_up_for_in_memory(buffer, monkeypatch):
    def full(path, body):
        raise OSError(28, "No space left on device")

    buffer.add(packed("하나"), 1)
    monkeypatch.setattr(Buffer, "_write", staticmethod(full))
    buffer.add(packed("둘"), 1)

    assert waiting(buffer) == "하나둘"
    entries, _body = buffer.first(MUCH)
    buffer.sent(entries)
    assert waiting(buffer) == ""


def test_a_round_that_cannot_be_read_again_is_dropped_and_the_rest_sent(buffer):
    for word in "ab":
        buffer.add(packed(word), 3)
    next(iter(sorted(buffer.folder.glob("*.gz")))).unlink()

    assert waiting(buffer) == "b"
    assert buffer.dropped == 3


def test_strange_files_in_the_folder_are_left_alone(buffer):
    (buffer.folder / "읽어주세요.txt").write_text("?")
    (buffer.folder / "dropped").write_text("many")

    after = reopened(buffer)

    assert (after.dropped, waiting(after)) == (0, "")
    assert (after.folder / "읽어주세요.txt").exists()
