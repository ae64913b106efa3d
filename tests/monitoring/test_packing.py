import gzip
import zlib

import cramjam
import pytest

from monitoring.packing import UNPACKED, Packing, unpacked
from tests.monitoring.test_pushing import door, push
from tests.monitoring.test_sampling import rows

__all__ = ["door"]

TEXT = b'queue{service="withdrawal"} 7\n'
BOMB = b"m 1\n" * (UNPACKED // 4 + 1)


def bare(body):
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


def snappy(body):
    return bytes(cramjam.snappy.compress_raw(body))


PACKED = [
    ("gzip", gzip.compress),
    ("x-gzip", gzip.compress),
    ("GZIP", gzip.compress),
    ("deflate", zlib.compress),
    ("deflate", bare),
    ("snappy", snappy),
    ("identity", bytes),
    ("identity, gzip", gzip.compress),
]


@pytest.mark.parametrize(("encoding", "pack"), PACKED)
def test_what_was_packed_is_stored_as_it_was(door, encoding, pack):
    answer = push(door, pack(TEXT), headers={"content-encoding": encoding})

    assert answer.status_code == 200, answer.content
    assert [value for _, value in rows()] == [7]


def test_the_members_of_a_gzip_are_one_body():
    assert unpacked(gzip.compress(b"a 1\n") + gzip.compress(b"b 2\n"), "gzip") == b"a 1\nb 2\n"


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", bare),
        ("snappy", snappy),
        ("gzip", lambda body: gzip.compress(body[: UNPACKED // 2]) * 3),
    ],
)
def test_a_bomb_is_refused_before_it_goes_off(door, encoding, pack):
    answer = push(door, pack(BOMB), headers={"content-encoding": encoding})

    assert answer.status_code == 413
    assert answer.json() == {"error": "the body is larger than 8 MB when unpacked"}


@pytest.mark.parametrize(
    ("encoding", "body", "status"),
    [
        ("gzip", TEXT, 400),
        ("gzip", gzip.compress(TEXT, mtime=0)[:-9], 400),
        ("gzip", gzip.compress(TEXT, mtime=0) + b"behind", 400),
        ("gzip", b"", 400),
        ("gzip", gzip.compress(b"", mtime=0) * 101, 400),
        ("deflate", TEXT, 400),
        ("snappy", TEXT, 400),
        ("snappy", b"\xff\xff\xff\xff\x0f", 413),
        ("snappy", b"\xff\xff\x03" + snappy(TEXT), 400),
        ("br", TEXT, 415),
        ("gzip, gzip, gzip", TEXT, 415),
    ],
)
def test_what_cannot_be_unpacked_is_told(encoding, body, status):
    with pytest.raises(Packing) as refusal:
        unpacked(body, encoding)

    assert refusal.value.status == status
