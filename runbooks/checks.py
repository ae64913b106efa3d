"""Mistakes that would show only in an incident."""

from pathlib import Path
from typing import Any, Final

from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError

from runbooks.domain.writing import Wrong
from runbooks.queries import administrators
from runbooks.reading import document_of
from runbooks.services.loading import LIBRARY

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


@register()
def the_library_can_be_read(**_more: Any) -> list[CheckMessage]:
    return [fault for path in sorted(LIBRARY.glob("*.yaml")) for fault in faults_of(path)]


def faults_of(path: Path) -> list[CheckMessage]:
    try:
        document_of(path.read_text(encoding="utf-8"))
    except Wrong as wrong:
        hint = "Each fault is named with its place in the file."
        return [
            Error(f"{path.name}: {fault}", hint=hint, id="runbooks.E001") for fault in wrong.faults
        ]
    return []
