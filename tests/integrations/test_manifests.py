"""A manifest in which a bit fell over is refused, or can be used: it is no error in the middle of a restore."""

import json
from datetime import UTC, datetime

import pytest

from integrations.backups import Manifest, Unusable, read
from integrations.pg_databases import _creation, _rights

OPTIONS = {
    "owner": "app", "encoding": "UTF8", "provider": "c", "collate": "C.UTF-8", "ctype": "C.UTF-8",
    "locale": None, "limit": -1, "settings": ["work_mem=64MB"], "rights": [["app", "CONNECT"]],
}  # fmt: skip
SOUND = Manifest(
    "app", datetime(2026, 11, 30, 3, tzinfo=UTC), "18.3", "app-20261130T030000Z.dump", 4096, "ab" * 32,
    {"public.users": 100}, "cd" * 32, OPTIONS, 8192, False,
)  # fmt: skip


@pytest.fixture
def path(tmp_path):
    return tmp_path / "app-20261130T030000Z.json"


def used(path):
    """As a restore uses it."""
    one = read(path).manifest
    one.size + one.bytes + sum(one.tables.values())  # nothing of it is asserted: it can be done
    one.server.partition("."), one.sha256 + one.schema
    _creation("fresh", one.options, 180_003)
    _rights("fresh", one.options["rights"])
    [setting.partition("=") for setting in one.options["settings"]]


def test_each_single_bit(path):
    sound = SOUND.written().encode()
    for place in range(len(sound)):
        for bit in range(8):
            damaged = bytearray(sound)
            damaged[place] ^= 1 << bit
            path.write_bytes(bytes(damaged))
            try:
                used(path)
            except Unusable:
                continue


@pytest.mark.parametrize(
    "wrong",
    [
        {"size": "4096"}, {"size": None}, {"bytes": []}, {"server": 18}, {"tables": ["users"]},
        {"tables": {"public.users": "many"}}, {"options": None}, {"options": {}},
        {"options": OPTIONS | {"limit": "none"}}, {"options": OPTIONS | {"rights": [1]}},
        {"sealed": "no"},
    ],
)  # fmt: skip
def test_another_shape(path, wrong):
    path.write_text(json.dumps(json.loads(SOUND.written()) | wrong))
    with pytest.raises(Unusable) as why:
        used(path)
    assert why.value.code == "manifest"
