"""Each version is kept whole: what a postmortem said at any time can be read, compared and proven."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from postmortems.domain.content import digest
from postmortems.models import ActionItem, Postmortem, Version, Why
from teams.models import User

TEXTS: Final = (
    "language", "summary_ko", "summary_en", "users_affected", "withdrawals_delayed", "revenue_impact",
    "energy_spent", "trx_spent", "root_cause", "contributing_factors", "went_well", "went_badly", "got_lucky", "lessons",
    "public_ko", "public_en",
)  # fmt: skip


@contextmanager
def editing(postmortem: Postmortem, *, by: User | None, at: datetime) -> Iterator[Postmortem]:
    """The row locked, so that edits follow one another; what came of it is the next version.

    Refused once it is published: its text is frozen until it is taken back to review.
    """
    with transaction.atomic():
        now = locked(postmortem)
        if not now.is_open:
            raise Refused(
                _("It is published, and its text is frozen. Take it back to review first.")
            )
        yield now
        keep_next(now, by=by, at=at)
    postmortem.refresh_from_db()


def locked(postmortem: Postmortem) -> Postmortem:
    return Postmortem.objects.select_for_update().get(pk=postmortem.pk)


def keep_next(postmortem: Postmortem, *, by: User | None, at: datetime) -> None:
    """A version more, unless nothing has changed."""
    content = content_of(postmortem)
    last = postmortem.versions.order_by("-number").values_list("hash", "state").first()
    if last == (digest(content), postmortem.state):
        return
    postmortem.version += 1
    postmortem.updated_at = at
    postmortem.save()
    keep(postmortem, content, by=by, at=at)


def keep(
    postmortem: Postmortem, content: dict[str, Any], *, by: User | None, at: datetime
) -> None:  # fmt: skip
    Version.objects.create(
        postmortem=postmortem,
        number=postmortem.version,
        state=postmortem.state,
        at=at,
        by=by,
        by_name=by.name if by else "",
        content=content,
        hash=digest(content),
    )


def content_of(postmortem: Postmortem) -> dict[str, Any]:
    """All that it says, as it is kept and hashed."""
    impacts = postmortem.impacts.select_related("service")
    moments = set(postmortem.moments.values_list("seq", flat=True))
    events = postmortem.incident.timeline.filter(seq__in=moments)
    return {
        "texts": {name: getattr(postmortem, name) for name in TEXTS},
        "owner": postmortem.owner.username if postmortem.owner else "",
        "whys": _tree(postmortem),
        "actions": [_action(item) for item in postmortem.actions.select_related("person", "team")],
        "moments": list(events.order_by("seq").values("seq", "kind", "hash")),
        "impacts": [
            {
                "service": one.service.slug,
                "began_at": one.began_at.isoformat(),
                "ended_at": one.ended_at.isoformat() if one.ended_at else None,
            }
            for one in impacts
        ],
    }


def _tree(postmortem: Postmortem) -> list[dict[str, Any]]:
    below: defaultdict[int | None, list[Why]] = defaultdict(list)
    for why in postmortem.whys.prefetch_related("evidence").order_by("pk"):
        below[why.parent_id].append(why)
    return _under(below, None)


def _under(
    below: defaultdict[int | None, list[Why]], parent: int | None
) -> list[dict[str, Any]]:  # fmt: skip
    return [
        {
            "answer": why.answer,
            "evidence": [
                {"kind": one.kind, "ref": one.ref, "said": one.said_en}
                for one in why.evidence.all()
            ],
            "causes": _under(below, why.pk),
        }
        for why in below.get(parent, [])
    ]


def _action(item: ActionItem) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "purpose": item.purpose,
        "description": item.description,
        "owner": item.owned_by,
        "due": item.due_date.isoformat(),
        "priority": item.priority,
        "status": item.status,
        "tracker": item.tracker_url,
        "suggested": item.suggested,
    }
