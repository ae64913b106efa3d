"""Addresses and signatures, against vectors that the whole field knows and against tronpy's."""

from hashlib import sha256

import pytest
import tronpy.keys
from hypothesis import given
from hypothesis import strategies as st

from integrations.tron import addresses
from integrations.tron.signing.key import BadKey, Key

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ONE = f"{1:064x}"
USDT, USDT_HEX = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", "41a614f803b6fd780986a42c78ec9c7f77e6ded13c"
# Bitcoin's own test of RFC 6979: the key 1 signs the hash of a name.
SATOSHI = sha256(b"Satoshi Nakamoto").hexdigest()
SIGNED = (
    "934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8"
    "2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5"
)

secrets = st.integers(1, ORDER - 1).map(lambda number: f"{number:064x}")
hashes = st.binary(min_size=32, max_size=32).map(bytes.hex)
bodies = st.binary(min_size=20, max_size=20).map(lambda body: f"41{body.hex()}")


def test_the_address_of_the_key_one_is_the_known_one():
    assert Key(ONE).address == "TMVQGm1qAQYVdetCeGRRkTWYYrLXuHK2HC"
    # Ethereum's name of the same key.
    assert addresses.to_hex(Key(ONE).address)[2:] == "7e5f4552091a69125d5dfcb7b8c2659029395bdf"


def test_the_contract_of_usdt_has_both_its_names():
    assert addresses.to_hex(USDT) == USDT_HEX
    assert addresses.from_hex(USDT_HEX) == USDT
    assert addresses.to_bytes(USDT) == bytes.fromhex(USDT_HEX)


def test_the_signature_is_the_one_that_rfc_6979_prescribes():
    assert Key(ONE).sign(SATOSHI)[:128] == SIGNED


@pytest.mark.parametrize(
    "secret",
    ["", "0" * 64, f"{ORDER:064x}", "f" * 64, "1" * 63, "1" * 65, "z" * 64, "1" * 62 + " 1"],
)
def test_what_is_no_secret_is_refused_and_never_repeated(secret):
    with pytest.raises(BadKey) as refused:
        Key(secret)

    assert not secret or secret not in str(refused.value)
    assert refused.value.__suppress_context__


@given(secrets, hashes)
def test_tronpy_gives_each_key_the_same_address_and_the_same_signature(secret, txid):
    second = tronpy.keys.PrivateKey(bytes.fromhex(secret))

    assert Key(secret).address == second.public_key.to_base58check_address()
    assert Key(secret).sign(txid) == second.sign_msg_hash(bytes.fromhex(txid)).hex()


@given(secrets, hashes)
def test_whose_signature_it_is_can_be_seen_and_its_s_is_the_lower_one(secret, txid):
    signature = tronpy.keys.Signature.fromhex(Key(secret).sign(txid))

    signer = signature.recover_public_key_from_msg_hash(bytes.fromhex(txid))
    assert signer.to_base58check_address() == Key(secret).address
    assert signature.s <= ORDER // 2


@given(bodies)
def test_tronpy_writes_every_address_alike_and_it_is_read_back(body):
    written = addresses.from_hex(body)

    assert written == tronpy.keys.to_base58check_address(body)
    assert addresses.is_address(written)
    assert addresses.to_hex(written) == body


@given(bodies, st.integers(0, 33), st.sampled_from(ALPHABET))
def test_one_wrong_digit_is_seen(body, place, digit):
    good = addresses.from_hex(body)
    changed = good[:place] + digit + good[place + 1 :]

    assert addresses.is_address(changed) == (changed == good)
