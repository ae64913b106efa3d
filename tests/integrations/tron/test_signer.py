"""The signer as it runs: a process of its own, asked over its socket."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tronpy import keys

from integrations.tron import (
    SUN,
    CancelUnfreezes,
    Delegate,
    Freeze,
    SignerRefused,
    SignerUnreachable,
    Undelegate,
    Unfreeze,
    Unsigned,
    build,
    sign,
)
from integrations.tron.addresses import from_hex
from tests.integrations.tron.wire import OWNER, RECEIVER

ROOT = Path(__file__).resolve().parents[3]
SECRET = "5e" * 32
KEY = keys.PrivateKey(bytes.fromhex(SECRET))
KEY_ADDRESS = KEY.public_key.to_base58check_address()
STRANGER = from_hex("41" + "5a" * 20)
TRX = SUN


class Running:
    def __init__(self, wire, home: Path) -> None:
        self.wire, self.home, self.log = wire, home, home / "log"
        self.socket = home / "s.sock"
        self.process: subprocess.Popen[bytes] | None = None
        self.extra: dict[str, str] = {}

    def environment(self) -> dict[str, str]:
        return os.environ | {
            "BONGSU_HOME": str(self.home),
            "TRON_NODE_URL": self.wire.url,
            "TRON_KEY": SECRET,
            "TRON_SIGNER_SOCKET": str(self.socket),
            "TRON_SIGNER_LEDGER": str(self.home / "ledger"),
            "TRON_SIGNER_OWNERS": OWNER,
            "TRON_SIGNER_RECEIVERS": RECEIVER,
            "TRON_SIGNER_MAX_SUN": str(300_000 * TRX),
            "TRON_SIGNER_DAY_SUN": str(500_000 * TRX),
            "TRON_SIGNER_DAY_COUNT": "5",
            "DATABASE_URL": "postgres://nobody@127.0.0.1:9/none",
            **self.extra,
        }

    def start(self) -> None:
        self.launch()
        until = time.monotonic() + 60
        while not answers(self.socket):
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.05)

    def launch(self) -> None:
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "signer"],
                cwd=ROOT, env=self.environment(), stdout=log, stderr=log,
            )  # fmt: skip

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        self.process.send_signal(number)
        self.process.wait(10)

    def refuses_to_start(self) -> str:
        self.launch()
        assert self.process.wait(60) == 1
        return self.log.read_text()


def answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as line:
        return line.connect_ex(str(path)) == 0


@contextmanager
def signers(wire, home) -> Iterator[Running]:
    permission = wire.answers["wallet/getaccount"]["active_permission"][0]
    permission["keys"] = [{"address": KEY_ADDRESS, "weight": 1}]
    running = Running(wire, home)
    yield running
    if running.process and running.process.poll() is None:
        running.kill()


@pytest.fixture
def signer(wire, tmp_path, settings) -> Iterator[Running]:
    with signers(wire, tmp_path) as running:
        settings.TRON_SIGNER_SOCKET = str(running.socket)
        yield running


def permission(wire):
    return wire.answers["wallet/getaccount"]["active_permission"][0]


def freeze(node, trx: int) -> Unsigned:
    return build(Freeze(OWNER, trx * TRX), node=node, permission_id=2)


def test_it_signs_what_is_permitted_and_the_signature_is_the_keys(node, signer):
    signer.start()

    for contract in (
        Freeze(OWNER, 5 * TRX),
        Delegate(OWNER, 5 * TRX, receiver=RECEIVER),
        Undelegate(OWNER, 5 * TRX, receiver=RECEIVER),
        CancelUnfreezes(OWNER),
    ):
        signed = sign(build(contract, node=node, permission_id=2))
        signature = keys.Signature.fromhex(signed.signature)
        txid = bytes.fromhex(signed.txid)
        assert signature.recover_public_key_from_msg_hash(txid) == KEY.public_key


def test_what_it_does_not_sign(node, signer):
    signer.start()

    for contract, permission_id, why in (
        (Unfreeze(OWNER, 5 * TRX), 2, "is not signed here"),
        (Freeze(STRANGER, 5 * TRX), 2, "not an owner"),
        (Freeze(OWNER, 5 * TRX), 0, "permission 0"),
        (Freeze(OWNER, 300_001 * TRX), 2, "at once"),
        (Delegate(OWNER, 5 * TRX, receiver=STRANGER), 2, "not a receiver"),
        (Undelegate(OWNER, 5 * TRX, receiver=STRANGER), 2, "not a receiver"),
        (Delegate(OWNER, 5 * TRX, receiver=RECEIVER, lock=True), 2, "locked"),
    ):
        with pytest.raises(SignerRefused, match=why):
            sign(build(contract, node=node, permission_id=permission_id))


def asked(path: Path, question: bytes) -> dict[str, str]:
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(10)
        line.connect(str(path))
        line.sendall(question)
        line.shutdown(socket.SHUT_WR)
        answer: dict[str, str] = json.loads(line.makefile().readline())
        return answer


def test_whatever_a_stranger_writes_is_refused_and_it_lives_on(node, signer):
    signer.start()
    right = freeze(node, 5)

    for question in (
        b"",
        b"\n",
        b"null\n",
        b"[" * 16_000,
        b"\xff\n",
        json.dumps({"txid": right.txid}).encode() + b"\n",
        json.dumps({"txid": "00" * 32, "raw_data": right.raw_data}).encode() + b"\n",
        json.dumps({"txid": right.txid, "raw_data": right.raw_data, "x": 1}).encode() + b"\n",
        json.dumps(
            {"txid": right.txid, "raw_data": right.raw_data | {"fee_limit": 5}}
        ).encode() + b"\n",
    ):  # fmt: skip
        assert "refused" in asked(signer.socket, question)

    assert sign(right).txid == right.txid


def test_expired_or_long_lived_transactions_are_refused(node, signer):
    signer.start()
    now = int(time.time() * 1000)

    for start, end, why in (
        (now - 60_000, now - 1, "expired"),
        (now, now + 3_600_000, "too long"),
    ):
        with pytest.raises(SignerRefused, match=why):
            sign(Unsigned(Freeze(OWNER, TRX), 2, "283b", "51bf0b88daaaea37", end, start))


def test_the_caps_of_a_day_hold_through_kills(node, signer):
    signer.start()
    first = freeze(node, 300_000)
    sign(first)
    signer.kill()
    signer.start()

    sign(first)  # counted already
    sign(freeze(node, 200_000))
    with pytest.raises(SignerRefused, match="24 hours"):
        sign(freeze(node, 1))
    sign(build(Delegate(OWNER, 300_000 * TRX, receiver=RECEIVER), node=node, permission_id=2))


def test_so_many_signatures_a_day_and_no_more(node, signer):
    signer.start()
    for trx in range(1, 6):
        sign(freeze(node, trx))

    with pytest.raises(SignerRefused, match="5 signatures"):
        sign(freeze(node, 6))
    with pytest.raises(SignerRefused, match="5 signatures"):
        sign(build(CancelUnfreezes(OWNER), node=node, permission_id=2))


def test_a_torn_last_line_was_never_signed_and_a_damaged_book_stops_it(node, signer):
    book = signer.home / "ledger"
    book.write_bytes(b'["aa", 54, 1, "2026-01-01T00:00:00+00:00"]\n["bb", 54')
    signer.start()
    sign(freeze(node, 1))
    signer.kill()
    assert len(book.read_bytes().splitlines()) == 2

    book.write_bytes(b"nonsense\n" + book.read_bytes())

    assert "damaged" in signer.refuses_to_start()


def test_only_its_own_user_may_ask_and_a_second_signer_does_not_start(signer):
    signer.start()
    first = signer.process

    assert signer.socket.stat().st_mode & 0o777 == 0o600
    assert "another signer" in signer.refuses_to_start()
    signer.process = first
    assert answers(signer.socket)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"operations": "0600000000004000" + "0" * 48}, "types 1, 2"),
        ({"operations": "00000000000040ce" + "0" * 48}, "lets the key do more"),
        ({"operations": "000000000000c00e" + "0" * 48}, "types 55"),
        ({"operations": "7fff1fc0033efb0f" + "0" * 48}, "lets the key do more"),
        ({"threshold": 2}, "cannot sign alone"),
        ({"id": 3}, "no key is in permission 2"),
        ({"keys": []}, "no key is in permission 2"),
    ],
)
def test_a_key_that_can_do_more_is_refused_at_start(wire, signer, change, why):
    permission(wire).update(change)

    assert why in signer.refuses_to_start()


def test_a_key_in_the_owners_permission_is_refused_at_start(wire, signer):
    owner = wire.answers["wallet/getaccount"]["owner_permission"]
    owner["keys"].append({"address": KEY_ADDRESS, "weight": 1})

    assert "everything" in signer.refuses_to_start()


def test_a_key_that_another_permission_lets_transfer_is_refused_at_start(wire, signer):
    other = permission(wire) | {"id": 4, "operations": "02" + "0" * 62}
    wire.answers["wallet/getaccount"]["active_permission"].append(other)

    assert "types 1" in signer.refuses_to_start()


def test_a_file_that_others_can_read_is_refused(signer, tmp_path):
    file = tmp_path / "key"
    file.write_text(SECRET)
    file.chmod(0o640)
    signer.extra = {"TRON_KEY": "", "TRON_KEY_FILE": str(file)}

    said = signer.refuses_to_start()

    assert "chmod 600" in said
    file.chmod(0o600)
    signer.start()


@pytest.mark.parametrize("wrong", ["5e", "zz" * 32, "00" * 32, "ff" * 32, SECRET + "5e"])
def test_a_wrong_key_is_refused_without_being_shown(signer, wrong):
    signer.extra = {"TRON_KEY": wrong}

    said = signer.refuses_to_start()

    assert "The signer does not start" in said
    assert wrong not in said.replace("64 hex", "")


def test_the_key_is_nowhere_but_in_the_process(node, signer):
    signer.start()
    sign(freeze(node, 5))
    with pytest.raises(SignerRefused):
        sign(build(Unfreeze(OWNER, TRX), node=node, permission_id=2))
    signer.kill(signal.SIGTERM)

    written = b"".join(path.read_bytes() for path in signer.home.rglob("*") if path.is_file())
    assert SECRET.encode() not in written
    assert bytes.fromhex(SECRET) not in written
    assert SECRET not in json.dumps([call[1:] for call in signer.wire.calls])
    assert not signer.socket.exists()


def test_beside_the_key_there_is_none_of_the_portal(signer):
    if not Path("/proc/self/maps").exists():
        pytest.skip("only Linux tells what a process has loaded")
    signer.start()
    maps = Path(f"/proc/{signer.process.pid}/maps").read_text()

    assert "coincurve" in maps
    for stranger in ("psycopg2", "numpy", "granian", "cramjam"):
        assert stranger not in maps


def test_neither_settings_nor_signer_load_pages_or_tables():
    loads = "import sys, config.settings; from integrations.tron.signing import running"
    shows = "print([m for m in ('http', 'urls', 'template', 'db.models') if f'django.{m}' in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", f"{loads}; {shows}"], cwd=ROOT, capture_output=True, text=True, check=True,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"},
    )  # fmt: skip

    assert done.stdout.strip() == "[]"


def test_nobody_there_is_unreachable(node, settings, tmp_path):
    settings.TRON_SIGNER_SOCKET = str(tmp_path / "none")

    with pytest.raises(SignerUnreachable):
        sign(freeze(node, 5))


def test_settings_forget_a_key_in_every_process_but_the_signers():
    done = subprocess.run(
        [sys.executable, "-c", "import config.settings, os; print('TRON_KEY' in os.environ)"],
        cwd=ROOT, env=os.environ | {"TRON_KEY": SECRET}, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert done.stdout.strip() == "False"
