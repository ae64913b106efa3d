"""Mistakes that would show only when a limit has to be raised in a hurry."""

from typing import Any, Final

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DatabaseError

from runbooks.queries import administrators

TWO: Final = 2


@register(Tags.database)
def two_may_loosen(*, databases: Any = None, **_more: Any) -> list[CheckMessage]:
    if not databases:
        return []
    try:
        enough = administrators().count() >= TWO
    except DatabaseError:  # before the first migration
        return []
    if enough:
        return []
    return [
        Warning(
            "There are not two administrators: nobody may confirm what loosens limits, which takes two.",
            hint="Make a second person an administrator in the console, People.",
            id="runbooks.W001",
        )
    ]
