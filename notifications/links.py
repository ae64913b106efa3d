"""Ways back from a page: each for one delivery and one purpose, made again for each attempt and stored nowhere."""

import base64
import uuid
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.core import signing

from notifications.models import Delivery

VALID: Final = timedelta(days=7)
# A salt for each purpose: what a phone company saw in a call opens no page, and the reverse.
_link = signing.Signer(salt="answer a page", sep=".")
_keys = signing.Signer(salt="press a key on a call", sep=".")
_status = signing.Signer(salt="tell what became of a message", sep=".")


def answer_url(delivery: Delivery) -> str:
    return f"{settings.BASE_URL}/p/{_signed(_link, delivery)}/"


def keys_url(delivery: Delivery) -> str:
    """Where a call sends the key that was pressed."""
    return f"{settings.BASE_URL}/hooks/twilio/voice/{_signed(_keys, delivery)}/"


def status_url(delivery: Delivery) -> str:
    """Where a provider says what became of it."""
    return f"{settings.BASE_URL}/hooks/twilio/status/{_signed(_status, delivery)}/"


def delivery_behind(token: str, *, at: datetime) -> Delivery | None:
    """The delivery whose link this is, unless it was tampered with or is too old."""
    return _behind(_link, token, at)


def call_behind(token: str, *, at: datetime) -> Delivery | None:
    return _behind(_keys, token, at)


def message_behind(token: str, *, at: datetime) -> Delivery | None:
    return _behind(_status, token, at)


def _signed(signer: signing.Signer, delivery: Delivery) -> str:
    return signer.sign(base64.urlsafe_b64encode(delivery.pk.bytes).decode().rstrip("="))


def _behind(signer: signing.Signer, token: str, at: datetime) -> Delivery | None:
    try:
        name = signer.unsign(token)
        key = uuid.UUID(bytes=base64.urlsafe_b64decode(name + "=="))
    except (signing.BadSignature, ValueError):
        return None
    return (
        Delivery.objects.select_related("recipient")
        .filter(pk=key, created_at__gt=at - VALID)
        .first()
    )
