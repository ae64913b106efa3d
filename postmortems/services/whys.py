"""The tree of causes, written by several people at once: who answers locks the postmortem, never the page."""

from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from core.errors import Refused
from postmortems.citing import found
from postmortems.domain.causes import DEEPEST, Answer, tree, walk
from postmortems.models import Evidence, Postmortem, Why
from postmortems.services.keeping import editing
from teams.models import User

MOST: Final = 200  # answers; a tree that nobody can read helps nobody


def add_why(
    postmortem: Postmortem,
    answer: str,
    *,
    under: Why | None,
    source: tuple[str, int] | None = None,
    by: User | None,
    at: datetime,
) -> Why:
    with editing(postmortem, by=by, at=at) as now:
        if under and not now.whys.filter(pk=under.pk).exists():
            raise Refused(_("The answer it stood under has been removed meanwhile."))
        if now.whys.count() >= MOST:
            raise Refused(_("There are %(count)s answers already.") % {"count": MOST})
        if under and _depth(now, under) + 1 >= DEEPEST:
            raise Refused(
                _("Deep enough: this is under %(count)s others.") % {"count": DEEPEST - 1}
            )
        why = Why.objects.create(postmortem=now, parent=under, answer=_said(answer), by=by, at=at)
        if source:
            _cite(now, why, *source)
        return why


def change_why(why: Why, answer: str, *, seen: int, by: User, at: datetime) -> None:
    """`seen` is the revision that its editor began with."""
    with editing(why.postmortem, by=by, at=at):
        changed = Why.objects.filter(pk=why.pk, revision=seen).update(
            answer=_said(answer), revision=seen + 1, by=by, at=at
        )
        if changed:
            return
        now = Why.objects.filter(pk=why.pk).first()
        if now is None:
            raise Refused(_("This answer has been removed meanwhile."))
        raise Refused(
            _("Somebody changed this answer meanwhile: “%(answer)s”.") % {"answer": now.answer}
        )


def remove_why(why: Why, *, by: User, at: datetime) -> None:
    """Whatever led to it goes with it; the versions keep it."""
    with editing(why.postmortem, by=by, at=at):
        Why.objects.filter(pk=why.pk).delete()


def cite(why: Why, kind: str, ref: int, *, by: User | None, at: datetime) -> Evidence:
    with editing(why.postmortem, by=by, at=at) as now:
        if not Why.objects.filter(pk=why.pk).exists():
            raise Refused(_("This answer has been removed meanwhile."))
        return _cite(now, why, kind, ref)


def _cite(postmortem: Postmortem, why: Why, kind: str, ref: int) -> Evidence:
    source = found(postmortem.incident, kind, ref)
    if source is None:
        raise Refused(_("This evidence is not part of the incident's record."))
    words = {"said_ko": source.said_ko, "said_en": source.said_en, "url": source.url}
    return Evidence.objects.get_or_create(why=why, kind=kind, ref=ref, defaults=words)[0]


def withdraw(evidence: Evidence, *, by: User, at: datetime) -> None:
    with editing(evidence.why.postmortem, by=by, at=at):
        Evidence.objects.filter(pk=evidence.pk).delete()


def _depth(postmortem: Postmortem, why: Why) -> int:
    rows = postmortem.whys.values_list("pk", "parent", "answer")
    causes = tree(Answer(*row) for row in rows)
    return next((one.depth for one in walk(causes) if one.answer.key == why.pk), 0)


def _said(answer: str) -> str:
    if not (said := answer.strip()):
        raise Refused(_("An answer needs words."))
    return said
