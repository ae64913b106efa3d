"""The link in a page: one delivery, one purpose, made again for each attempt and stored nowhere."""

import base64
import uuid
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.core import signing

from notifications.models import Delivery

VALID: Final = timedelta(days=7)
_signer = signing.Signer(salt="answer a page", sep=".")


def answer_url(delivery: Delivery) -> str:
    name = base64.urlsafe_b64encode(delivery.pk.bytes).decode().rstrip("=")
    return f"{settings.BASE_URL}/p/{_signer.sign(name)}/"


def delivery_behind(token: str, *, at: datetime) -> Delivery | None:
    """The delivery whose link this is, unless it was tampered with or is too old."""
    try:
        name = _signer.unsign(token)
        key = uuid.UUID(bytes=base64.urlsafe_b64decode(name + "=="))
    except (signing.BadSignature, ValueError):
        return None
    return (
        Delivery.objects.select_related("recipient")
        .filter(pk=key, created_at__gt=at - VALID)
        .first()
    )
