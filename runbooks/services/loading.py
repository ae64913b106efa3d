"""Runbooks that come with Bongsu, and those that people write: each text a version, none ever changed."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Final

from django.db import transaction

from runbooks.models import Runbook, Version
from runbooks.reading import document_of
from teams.models import User

LIBRARY: Final = Path(__file__).parent.parent / "library"


def load_library(*, at: datetime, folder: Path = LIBRARY) -> int:
    """New versions only where a text has changed; what a person wrote stays current. How many are new."""
    sources = {
        path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yaml"))
    }
    return sum(_loaded(key, source, at) for key, source in sources.items())


def _loaded(key: str, source: str, at: datetime) -> bool:
    book, _made = Runbook.objects.select_related("current").get_or_create(key=key)
    theirs = book.versions.filter(made_by=None).order_by("-number").first()
    if theirs is not None and theirs.digest == digest(source):
        return False
    ours_is_current = book.current is None or book.current.made_by_id is None
    write(book, source, at=at, by=None, current=ours_is_current)
    return True


def write(
    book: Runbook, source: str, *, at: datetime, by: User | None, current: bool = True
) -> Version:
    """A new version; the same text as the current one is that one. Raises Wrong."""
    document = document_of(source)
    with transaction.atomic():
        book = (
            Runbook.objects.select_for_update(of=["self"]).select_related("current").get(pk=book.pk)
        )
        if book.current is not None and book.current.digest == digest(source):
            return book.current
        last = book.versions.order_by("-number").values_list("number", flat=True).first() or 0
        version = Version.objects.create(
            runbook=book, number=last + 1, source=source, digest=digest(source),
            title_ko=document.title.ko[:200], title_en=document.title.en[:200], made_at=at, made_by=by,
        )  # fmt: skip
        if current:
            book.current = version
            book.save(update_fields=["current"])
    return version


def make_current(version: Version) -> bool:
    """From now on runs begin with it; False where they do already. Raises Wrong when it no longer fits."""
    document_of(version.source)
    with transaction.atomic():
        books = Runbook.objects.select_for_update().filter(pk=version.runbook_id)
        return bool(list(books)) and bool(
            books.exclude(current=version.pk).update(current=version.pk)
        )


def came_with(book: Runbook) -> Version | None:
    """The newest of its versions that came with Bongsu."""
    return book.versions.filter(made_by=None).order_by("-number").first()


def digest(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()
