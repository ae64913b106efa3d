"""Whose token is it? Asked for every alert, so the answer is remembered for a moment."""

import time
from functools import lru_cache
from typing import Final

from core import tokens
from monitoring.models import Integration

REMEMBERED: Final = 5  # seconds until a revoked token is refused everywhere


def integration_for(source: str, token: str) -> Integration | None:
    if not token:
        return None
    return _known(source, tokens.hashed(token), int(time.monotonic() / REMEMBERED))


@lru_cache(maxsize=256)
def _known(source: str, token_hash: str, _moment: int) -> Integration | None:
    return Integration.objects.filter(source=source, token_hash=token_hash, enabled=True).first()
