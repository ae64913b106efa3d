from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from incidents.services import dismiss
from postmortems.domain.content import merge
from postmortems.domain.states import may_follow
from postmortems.models import Postmortem, State
from postmortems.services.keeping import TEXTS, editing, keep_next, locked
from postmortems.services.printing import ask
from teams.models import User

__all__ = ["TEXTS", "Stale", "move", "revise"]


class Stale(Refused):
    """Somebody else has changed the same field meanwhile; `theirs` says what it holds now."""

    def __init__(self, theirs: Mapping[str, Any]) -> None:
        super().__init__(
            _("Somebody changed the same part meanwhile. Their words stand beside yours: put them together.")
        )  # fmt: skip
        self.theirs = dict(theirs)


def revise(
    postmortem: Postmortem,
    fields: Mapping[str, Any],
    *,
    seen: int,
    by: User | None,
    at: datetime,
) -> None:
    """A new version. What two people changed in different fields is put together, else the second is told.

    `seen` is the version that the editor began with.
    """
    with editing(postmortem, by=by, at=at) as now:
        theirs = {name: getattr(now, name) for name in TEXTS}
        wanted = {name: said for name, said in fields.items() if name in TEXTS}
        merged = merge(_base(now, seen, theirs), wanted, theirs)
        if merged.clashes:
            raise Stale({name: theirs[name] for name in merged.clashes})
        for name, said in merged.texts.items():
            setattr(now, name, said)
        if "owner" in fields:
            now.owner = fields["owner"]
        now.save()


def _base(now: Postmortem, seen: int, theirs: dict[str, Any]) -> dict[str, Any]:
    """What the editor began with; of a version that was never kept one can only say that it was another."""
    if seen == now.version:
        return theirs
    kept = now.versions.filter(number=seen).values_list("content", flat=True).first()
    if kept is None:
        raise Refused(_("There is no version %(number)s of it. Open it again.") % {"number": seen})
    return dict(kept["texts"])


def move(
    postmortem: Postmortem, to: State, *, seen: int, by: User | None, at: datetime
) -> None:  # fmt: skip
    """To review, published, closed or back. Publishing freezes the version that was seen, and no other."""
    with transaction.atomic():
        now = locked(postmortem)
        if now.state == to:
            return
        if not may_follow(now.state, to):
            said = {"old": State(now.state).label, "new": State(to).label}
            raise Refused(_("It cannot go from “%(old)s” to “%(new)s”.") % said)
        if to == State.PUBLISHED:
            _may_publish(now, seen)
        now.state = to
        keep_next(now, by=by, at=at)
        if to == State.PUBLISHED:
            dismiss(now.incident, at=at)
            ask(now)  # it is there when the managers come
    postmortem.refresh_from_db()


def _may_publish(postmortem: Postmortem, seen: int) -> None:
    if seen != postmortem.version:
        raise Refused(_("It has changed since you looked at it. Read it again, then publish."))
    if postmortem.comments.filter(resolved_at=None).exists():
        raise Refused(_("Some comments are open. Resolve them, then publish."))
    if postmortem.actions.filter(suggested=True).exists():
        raise Refused(
            _("Some action items are only suggested. Accept or remove them, then publish.")
        )
