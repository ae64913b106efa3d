"""Mistakes that would show only when withdrawals stay paused at night."""

from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DatabaseError

from energy.resumption import modes_now, stays_held


@register(Tags.database)
def holds_are_lifted(*, databases: Any = None, **_more: Any) -> list[CheckMessage]:
    if not databases:
        return []
    try:
        wrong = stays_held(modes_now())
    except DatabaseError:  # before the first migration
        return []
    if not wrong:
        return []
    return [
        Warning(
            "Withdrawals are paused by themselves and not let go again: withdrawals.resume is not on.",
            hint="Switch it on in the console, Limits of actions.",
            id="energy.W001",
        )
    ]
