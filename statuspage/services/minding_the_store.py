"""A second place that lacks some of the page is an alert of ours, until it has all of it again."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from monitoring.domain.alerts import Signal
from monitoring.models import Alert
from monitoring.services.ours import OURS, in_each_language, tell
from statuspage.domain.snapshot import moment
from statuspage.services.mirroring import Note, lacking
from statuspage.tree import Tree

KEY: Final = "status:store"
PATIENCE: Final = timedelta(minutes=5)  # fifteen tries


def mind_the_store(*, at: datetime, tree: Tree | None = None) -> None:
    note = lacking(tree)
    late = note if note and note.since and at >= moment(note.since) + PATIENCE else None
    told = Alert.objects.open().filter(integration__source=OURS, key=KEY).exists()
    if late and not told:
        tell([_said(late)], at=at)
    elif told and note is None:
        tell([Signal(key=KEY, title="", resolved=True)], at=at)


@in_each_language
def _said(note: Note) -> Signal:
    advice = _(
        "Where our own host is gone, customers read an old page there. %(store)s says: %(error)s"
    )
    return Signal(
        key=KEY,
        title=_("The object store does not take the status page"),
        description=advice % {"store": note.store, "error": note.error},
        severities=["P3"],
        labels={"alertname": "status_store_late"},
        started_at=moment(note.since) if note.since else None,
        url=f"{settings.BASE_URL}/notices/",
    )
