"""Accounts' names on the chain: 0x41 and the last 20 bytes of a hash of the public key."""

from hashlib import sha256

from base58 import b58decode_check, b58encode_check
from coincurve import PrivateKey, PublicKey
from Crypto.Hash import keccak

MAINNET = 0x41
LENGTH = 21


def key_named(name: str) -> PrivateKey:
    """The key of an account of this sandbox: known to everybody, worth nothing elsewhere."""
    return PrivateKey(sha256(f"bongsu sandbox {name}".encode()).digest())


def address_of(key: PublicKey) -> str:
    digest = keccak.new(digest_bits=256, data=key.format(compressed=False)[1:]).digest()
    return (bytes([MAINNET]) + digest[-20:]).hex()


def signer_of(signature: bytes, txid: bytes) -> str:
    """Whose signature it is; raises ValueError for what is none. Wallets write v as 0/1 or as 27/28."""
    if len(signature) != 65:
        raise ValueError(f"Signature size is {len(signature)}")
    v = signature[64] - 27 if signature[64] >= 27 else signature[64]
    try:
        key = PublicKey.from_signature_and_message(signature[:64] + bytes([v]), txid, hasher=None)
    except Exception as error:
        raise ValueError("the signature does not verify") from error
    return address_of(key)


def shown(address: str) -> str:
    """As people write it: T…"""
    return b58encode_check(bytes.fromhex(address)).decode()


def read(given: object) -> str:
    """Hex of either spelling; raises ValueError with the node's own words."""
    text = str(given or "")
    try:
        raw = b58decode_check(text) if text.startswith("T") else bytes.fromhex(text)
    except ValueError:
        raise ValueError("Invalid address") from None
    if len(raw) != LENGTH or raw[0] != MAINNET:
        raise ValueError("Invalid address")
    return raw.hex()
