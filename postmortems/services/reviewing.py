"""What reviewers say at a place, and what people make of suggestions."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from core.bilingual import in_language
from core.errors import Refused
from postmortems.models import Comment, Moment, Postmortem, State, Suggestion
from postmortems.services.keeping import editing, locked
from teams.models import User


def comment(
    postmortem: Postmortem, text: str, *, section: str, by: User, at: datetime
) -> Comment:  # fmt: skip
    with transaction.atomic():
        now = locked(postmortem)
        if now.state == State.CLOSED:
            raise Refused(_("It is closed. Take it back to review to speak of it."))
        return Comment.objects.create(
            postmortem=now, section=section, text=text, version=now.version, by=by, at=at
        )


def resolve_comment(said: Comment, *, by: User, at: datetime) -> None:
    Comment.objects.filter(pk=said.pk, resolved_at=None).update(resolved_at=at, resolved_by=by)


def reopen_comment(said: Comment) -> None:
    Comment.objects.filter(pk=said.pk).update(resolved_at=None, resolved_by=None)


def choose(
    postmortem: Postmortem, seqs: Collection[int], *, by: User | None, at: datetime
) -> None:  # fmt: skip
    """The events of the timeline that it tells, and no others."""
    with editing(postmortem, by=by, at=at) as now:
        known = now.incident.timeline.filter(seq__in=seqs).values_list("seq", flat=True)
        now.moments.exclude(seq__in=known).delete()
        Moment.objects.bulk_create(
            (Moment(postmortem=now, seq=seq) for seq in known), ignore_conflicts=True
        )


def decide(suggestion: Suggestion, *, accept: bool, by: User, at: datetime) -> None:
    """Accepted, it becomes a line of the contributing factors, in the language of the postmortem."""
    with editing(suggestion.postmortem, by=by, at=at) as now:
        decided = Suggestion.objects.filter(pk=suggestion.pk, accepted=None)
        if not decided.update(accepted=accept, decided_at=at, decided_by=by) or not accept:
            return
        with translation.override(now.language):
            line = in_language(suggestion.said_ko, suggestion.said_en)
        now.contributing_factors = f"{now.contributing_factors.rstrip()}\n{line}".lstrip()
        now.save()
