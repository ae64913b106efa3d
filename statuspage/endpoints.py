"""Webhooks of subscribers: what is posted there, signed with a secret of their own that is stored nowhere."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from core.errors import Refused
from integrations import http
from statuspage.models import Shape, Subscriber

SECONDS: Final = 5.0
CHALLENGE: Final = "subscription.challenge"


def secret(one: Subscriber) -> bytes:
    """Of this subscription: another one for the same endpoint has another."""
    return salted_hmac("webhook of a subscriber", one.key.hex, algorithm="sha256").digest()


def secret_words(one: Subscriber) -> str:
    return "whsec_" + base64.b64encode(secret(one)).decode()


def public_key_words(one: Subscriber) -> str:
    """What checks our signatures and cannot make any: whoever verifies keeps no secret."""
    return "whpk_" + base64.b64encode(_key(one).public_key().public_bytes_raw()).decode()


def challenge(one: Subscriber) -> None:
    """Only who can read what is sent there may have it sent. Raises `Refused`."""
    word = secrets.token_urlsafe(24)
    body = {"type": CHALLENGE, "data": {"challenge": word, "subscription": str(one.key)}}
    try:
        answer = post(one, f"challenge-{word}", body)
    except (http.Forbidden, http.Unreachable) as error:
        raise Refused(_("The endpoint cannot be reached.")) from error
    if not answer.ok or word.encode() not in answer.body:
        raise Refused(_("The endpoint did not answer with the challenge that it was sent."))


def post(one: Subscriber, message: str, body: dict[str, Any]) -> http.Answer:
    """Raises Forbidden or Unreachable. `message` is the same for every attempt."""
    content = json.dumps(body, ensure_ascii=False).encode()
    stamp = str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "webhook-id": message,
        "webhook-timestamp": stamp,
        "webhook-signature": _signature(one, message, stamp, content),
    }
    return http.call("POST", one.address, headers=headers, body=content, seconds=SECONDS)


def body_of(one: Subscriber, told: dict[str, Any], leave: str) -> dict[str, Any]:
    """`told` as `documents.api.told` has it."""
    if one.shape == Shape.STATUSPAGE:
        page = {
            "id": told["page"]["id"],
            "status_indicator": told["status"]["indicator"],
            "status_description": told["status"]["description"],
        }
        meta = {
            "unsubscribe": leave,
            "documentation": told["page"]["url"],
            "generated_at": told["page"]["updated_at"],
        }
        return {"meta": meta, "page": page, "incident": told["incident"]}
    kind = "maintenance" if told["incident"]["impact"] == "maintenance" else "incident"
    return {
        "type": f"{kind}.updated",
        "timestamp": told["incident"]["incident_updates"][0]["display_at"],
        "data": told | {"subscription": str(one.key), "unsubscribe": leave},
    }


def _signature(one: Subscriber, message: str, stamp: str, content: bytes) -> str:
    """By both keys, for whoever verifies with either."""
    signed = f"{message}.{stamp}.".encode() + content
    mac = hmac.new(secret(one), signed, hashlib.sha256).digest()
    found = [("v1", mac), ("v1a", _key(one).sign(signed))]
    return " ".join(f"{name},{base64.b64encode(each).decode()}" for name, each in found)


def _key(one: Subscriber) -> Ed25519PrivateKey:
    seed = salted_hmac("key pair of a webhook", one.key.hex, algorithm="sha256").digest()
    return Ed25519PrivateKey.from_private_bytes(seed)
