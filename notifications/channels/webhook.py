import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Final

from django.conf import settings

from integrations import http
from notifications.channel import Channel, DeliveryError, Message, Taken
from notifications.registry import channels

PASSING: Final = {408, 425, 429}  # the 4xx that say "later", not "never"


@channels.register("webhook")
class Webhook(Channel):
    """Standard Webhooks: signed, and `webhook-id` is the same for every attempt."""

    def send(self, message: Message, address: str) -> Taken:
        body = json.dumps(
            {
                "type": message.facts.get("type", "incident.page"),
                "timestamp": message.facts.get("since"),
                "data": message.facts,
            },
            ensure_ascii=False,
        ).encode()
        stamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "webhook-id": message.key,
            "webhook-timestamp": stamp,
            "webhook-signature": signature(message.key, stamp, body),
        }
        posted(address, body, headers)
        return Taken(message.key)


def signature(key: str, stamp: str, body: bytes) -> str:
    secret = base64.b64decode(settings.WEBHOOK_SECRET.removeprefix("whsec_"))
    mac = hmac.new(secret, f"{key}.{stamp}.".encode() + body, hashlib.sha256)
    return "v1," + base64.b64encode(mac.digest()).decode()


def posted(url: str, body: bytes, headers: Mapping[str, str]) -> str:
    """POST through the guard; the first words of the answer. Raises DeliveryError."""
    try:
        answer = http.call("POST", url, headers=headers, body=body)
    except http.Forbidden as error:
        raise DeliveryError(str(error), permanent=True) from error
    except http.Unreachable as error:
        raise DeliveryError(str(error), permanent=False) from error
    if not answer.ok:
        words = answer.body[:100].decode(errors="replace")
        permanent = 300 <= answer.status < 500 and answer.status not in PASSING
        raise DeliveryError(
            f"HTTP {answer.status} {words}", permanent=permanent, retry_after=answer.retry_after
        )
    return answer.body[:100].decode(errors="replace")
