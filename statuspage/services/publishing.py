"""The public tree follows the rows: written whole when something changed, and now and then, for days pass."""

import json
from datetime import datetime

from django.conf import settings

from core.nudge import nudge
from statuspage.domain.snapshot import WRITTEN_EVERY, Snapshot, moment
from statuspage.models import Change, Page
from statuspage.reading import read
from statuspage.services.emergency import reconcile
from statuspage.services.mirroring import MIRROR
from statuspage.tree import Tree
from statuspage.written import BEATS, SIGN_OF_LIFE, sign_of_life, written_of


def publish_due(*, at: datetime, tree: Tree | None = None) -> bool:
    """Whether a tree was written. Without a page there is nothing to tell."""
    if not Page.objects.exists():
        return False
    tree = tree or Tree()
    with tree.held():
        reconcile(tree, at=at)
        last = tree.published()
        newest = Change.objects.newest()
        if last and last["change"] == newest and at < moment(last["at"]) + WRITTEN_EVERY:
            _beat(tree, last, at)
            return False
        snapshot = read(at=at)
        tree.publish(snapshot, written_of(snapshot))
    Change.objects.filter(published_at=None, pk__lte=snapshot["change"]).update(published_at=at)
    if settings.STATUS_STORE:
        nudge(MIRROR)
    return True


def _beat(tree: Tree, last: Snapshot, at: datetime) -> None:
    """That somebody is there who would publish: readers see by its age when nobody is."""
    path = tree.current / SIGN_OF_LIFE
    if not path.exists() or at >= moment(json.loads(path.read_text())["at"]) + BEATS:
        tree.put(SIGN_OF_LIFE, sign_of_life(last, at))
