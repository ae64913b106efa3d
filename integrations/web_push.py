"""Notifications to browsers: encrypted for each (RFC 8291), and signed as ours (RFC 8292), by any push service (RFC 8030)."""

import base64
import json
import os
import time
from dataclasses import dataclass
from functools import cache
from typing import Final
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from integrations import http

LONGEST: Final = (
    3993  # bytes of a message: what every push service takes, less what encryption adds
)
RECORD: Final = 4096
SECRET: Final = 16  # bytes, of a browser's `auth`
HOLDS: Final = 12 * 3600  # seconds, of a signature
SECONDS: Final = 5.0


@dataclass(frozen=True)
class Browser:
    """A `PushSubscription`, as a browser tells it: both keys in base64url."""

    endpoint: str
    p256dh: str
    auth: str


def send(
    browser: Browser, content: bytes, *, topic: str, seconds_to_live: int, subject: str
) -> http.Answer:
    """Raises http.Forbidden or http.Unreachable. A later message of one topic takes the place of an earlier one."""
    headers = {
        "Authorization": authorization(browser.endpoint, subject),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(seconds_to_live),
        "Topic": topic,
        "Urgency": "high",
    }
    body = encrypted(content, browser)
    return http.call("POST", browser.endpoint, headers=headers, body=body, seconds=SECONDS)


def authorization(endpoint: str, subject: str) -> str:
    """A JSON Web Token for the push service alone, by ES256."""
    place = urlsplit(endpoint)
    claims = {
        "aud": f"{place.scheme}://{place.netloc}",
        "exp": int(time.time()) + HOLDS,
        "sub": subject,
    }
    signed = f"{_json({'typ': 'JWT', 'alg': 'ES256'})}.{_json(claims)}"
    r, s = decode_dss_signature(_key().sign(signed.encode(), ec.ECDSA(SHA256())))
    return f"vapid t={signed}.{encode(r.to_bytes(32) + s.to_bytes(32))}, k={public_key()}"


def encrypted(content: bytes, browser: Browser) -> bytes:
    """One record: RFC 8188, with keys by RFC 8291. Raises ValueError where the browser's keys are none."""
    return _encrypted(content, browser, ec.generate_private_key(ec.SECP256R1()), os.urandom(16))


def _encrypted(
    content: bytes, browser: Browser, ours: ec.EllipticCurvePrivateKey, salt: bytes
) -> bytes:
    theirs = public_of(browser.p256dh)
    points = _point(theirs) + _point(ours.public_key())
    shared = ours.exchange(ec.ECDH(), theirs)
    secret = _derived(shared, decode(browser.auth), b"WebPush: info\0" + points, 32)
    key = _derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
    point = _point(ours.public_key())
    head = salt + RECORD.to_bytes(4) + len(point).to_bytes(1) + point
    return head + AESGCM(key).encrypt(nonce, content[:LONGEST] + b"\2", None)


def public_key() -> str:
    """What browsers are told, so that nobody else's messages are taken for ours."""
    return encode(_point(_key().public_key()))


def public_of(p256dh: str) -> ec.EllipticCurvePublicKey:
    """Raises ValueError."""
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decode(p256dh))
    except UnsupportedAlgorithm as error:
        raise ValueError("no point of P-256") from error


def encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def decode(text: str) -> bytes:
    """Raises ValueError."""
    return base64.b64decode(
        text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), b"-_", validate=True
    )


@cache
def _key() -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(decode(settings.VAPID_KEY)), ec.SECP256R1())


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)


def _json(said: dict[str, object]) -> str:
    return encode(json.dumps(said, separators=(",", ":")).encode())
