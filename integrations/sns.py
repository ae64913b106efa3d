"""Amazon SNS: is a message really from it, and the yes to a subscription."""

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from django.conf import settings

from integrations import http

AMAZON: Final = re.compile(r"https://sns\.[a-z0-9-]{1,40}\.amazonaws\.com(\.cn)?/")
NOTIFICATION: Final = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
CONFIRMATION: Final = (
    "Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type",
)  # fmt: skip
SECONDS: Final = 4.0  # SNS itself waits for 15; one message may need the certificate and a yes


class Forged(Exception):
    """Not from Amazon, or not as it left it."""


class Unreachable(Exception):
    """Amazon does not answer now."""


def verify(message: Mapping[str, Any]) -> None:
    """Raises Forged or Unreachable."""
    url = message.get("SigningCertURL")
    if not is_amazons(url) or not isinstance(url, str):
        raise Forged("SigningCertURL does not lead to Amazon SNS")
    hashed = {"1": SHA1, "2": SHA256}.get(str(message.get("SignatureVersion")))
    if hashed is None:
        raise Forged("SignatureVersion is neither 1 nor 2")
    try:
        signature = b64decode(str(message.get("Signature")), validate=True)
        # SHA-1 is what version 1 is; the topic's owner chooses version 2.
        key_at(url).verify(signature, signed_text(message), PKCS1v15(), hashed())
    except (NotBase64, InvalidSignature) as error:
        raise Forged("the signature does not fit the message") from error


def confirm(message: Mapping[str, Any]) -> None:
    """Say yes to the subscription. Raises Forged or Unreachable."""
    url = message.get("SubscribeURL")
    if not is_amazons(url) or not isinstance(url, str):
        raise Forged("SubscribeURL does not lead to Amazon SNS")
    _fetched(url)


def signed_text(message: Mapping[str, Any]) -> bytes:
    names = NOTIFICATION if message.get("Type") == "Notification" else CONFIRMATION
    lines = [f"{name}\n{message[name]}\n" for name in names if message.get(name) is not None]
    return "".join(lines).encode(errors="surrogatepass")


def is_amazons(url: object) -> bool:
    if not isinstance(url, str):
        return False
    stand_in = settings.SNS_STAND_IN
    return bool(AMAZON.match(url)) or bool(stand_in and url.startswith(stand_in))


@lru_cache(maxsize=32)
def key_at(url: str) -> RSAPublicKey:
    """Amazon's certificates do not change under one address; what failed is asked for again."""
    try:
        key = x509.load_pem_x509_certificate(_fetched(url)).public_key()
    except ValueError as error:
        raise Forged("SigningCertURL holds no certificate") from error
    if not isinstance(key, RSAPublicKey):
        raise Forged("the certificate holds no RSA key")
    return key


def _fetched(url: str) -> bytes:
    place = url.partition("?")[0]  # what follows may be a secret
    try:
        answer = http.call("GET", url, seconds=SECONDS)
    except (http.Forbidden, http.Unreachable) as error:
        raise Unreachable(f"{place}: {error}") from error
    if not answer.ok:
        raise Unreachable(f"{place}: {answer.status}")
    return answer.body
