"""What the portal sees by itself takes the same road as alerts from outside."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.utils.crypto import get_random_string

from core import tokens
from monitoring.domain.alerts import Signal
from monitoring.models import Integration
from monitoring.services.storing import store

OURS: Final = "bongsu"  # a source of its own: nobody outside can send by it


def tell(signals: Sequence[Signal], *, at: datetime) -> None:
    """Atomic by itself, and part of the caller's transaction where there is one."""
    integration, _is_new = Integration.objects.get_or_create(
        source=OURS, defaults={"name": "Bongsu", "token_hash": tokens.hashed(get_random_string(40))}
    )
    store(integration, b"", signals, at=at)
