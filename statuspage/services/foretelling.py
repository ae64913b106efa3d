"""To whom a word went while there was no database, so that its usual way does not lead to them a second time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import F

from statuspage import sent
from statuspage.models import Mailing, Subscriber, Update, Way
from statuspage.services.subscribing import quarantine

AT_ONCE: Final = 50_000
INSERTED: Final = """
INSERT INTO statuspage_foretold (mailing_id, subscriber) SELECT %s, unnest(%s) ON CONFLICT DO NOTHING
"""
# Whoever hears beginnings and ends only, and had this beginning, does not hear the next word in its place.
CARRIED: Final = """
INSERT INTO statuspage_foretold (mailing_id, subscriber)
SELECT %s, had.subscriber FROM statuspage_foretold had
  JOIN statuspage_subscriber who ON who.id = had.subscriber AND who.quiet
 WHERE had.mailing_id = %s
ON CONFLICT DO NOTHING
"""


def note(update: Update, line: str, *, at: datetime) -> None:
    """In the transaction that takes the word into the tables, before anybody sees its mailing; again if that
    was not the end of it.
    """
    mailing = Mailing.objects.filter(update=update, way=Way.EMAIL).first()
    if mailing is None:
        return
    told, unknown = sent.taken(line), sent.refused(line)
    reached, failed = _insert(mailing, told), _insert(mailing, unknown)
    quarantine(Subscriber.objects.filter(pk__in=unknown), "refused", at=at)
    Mailing.objects.filter(pk=mailing.pk).update(
        foretold=F("foretold") + reached + failed, sent=F("sent") + reached,
        failed=F("failed") + failed,
    )  # fmt: skip


def _insert(mailing: Mailing, keys: Sequence[int]) -> int:
    inserted = 0
    with connection.cursor() as cursor:
        for begin in range(0, len(keys), AT_ONCE):
            cursor.execute(INSERTED, [mailing.pk, list(keys[begin : begin + AT_ONCE])])
            inserted += cursor.rowcount
    return inserted


def carry(older: Mailing, newer: Mailing) -> None:
    with connection.cursor() as cursor:
        cursor.execute(CARRIED, [newer.pk, older.pk])
        carried = cursor.rowcount
    Mailing.objects.filter(pk=newer.pk).update(foretold=F("foretold") + carried)
