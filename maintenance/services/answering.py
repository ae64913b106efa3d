"""What people do with a round of a checklist: answer, attach evidence, hand it over, sign it."""

import hashlib
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refused
from incidents.domain import evidence as rules
from incidents.services.evidence import judged
from maintenance.domain import checklists as domain
from maintenance.domain.checklists import Why, needs_note, why_not_signed
from maintenance.models import Round, RoundAnswer, RoundFile, RoundFileContent
from maintenance.services.checklists import notices, signers
from notifications import services as outbox
from teams.domain.roles import Action
from teams.models import User

FILES: Final = 10  # an answer
WHY: Final[dict[Why, Promise]] = {
    Why.SIGNED: gettext_lazy("It is signed, and changes no more."),
    Why.UNANSWERED: gettext_lazy("Every item needs an answer first."),
    Why.EVIDENCE: gettext_lazy("An item that needs evidence has neither a link nor a file yet."),
    Why.ROLE: gettext_lazy("A manager or an administrator signs it."),
    Why.ALONE: gettext_lazy("You gave all its answers yourself: somebody else signs it."),
}


class Overtaken(Refused):
    """Somebody else was faster; the caller shows what they said."""


def answer(
    row: RoundAnswer, said: str, *, note: str, link: str, seen: int, by: User, at: datetime
) -> RoundAnswer:
    """`seen` is the version that the person had before them; "" takes an answer back. Raises Refused."""
    if not said and not row.said:
        raise Refused(_("Choose one of the three answers first."))
    if needs_note(said) and not note:
        raise Refused(_("Say in the note what has to be done, or why it does not apply."))
    with transaction.atomic():
        _held(row.round_id)
        fresh = RoundAnswer.objects.select_related("by").get(pk=row.pk)
        if (fresh.said, fresh.note, fresh.link) == (said, note, link):
            return fresh
        if fresh.version != seen:
            who = fresh.by.name if fresh.by else ""
            raise Overtaken(
                _("%(who)s has answered it meanwhile. Save again to put yours in its place.")
                % {"who": who}
            )
        fresh.said, fresh.note, fresh.link = said, note, link
        fresh.by, fresh.at = (by, at) if said else (None, None)
        fresh.version += 1
        fresh.save(update_fields=["said", "note", "link", "by", "at", "version"])
        _tell_signers(fresh.round, at)
    return fresh


def attach(row: RoundAnswer, name: str, body: bytes, *, by: User, at: datetime) -> RoundFile:
    """By the rules for evidence of incidents; the same file again is the one that is there. Raises Refused."""
    name, kind = rules.safe_name(name), judged(name, body)
    digest = hashlib.sha256(body).hexdigest()
    with transaction.atomic():
        _held(row.round_id)
        known = row.files.filter(sha256=digest, removed=False).first()
        if known:
            return known
        if row.files.count() >= FILES:
            raise Refused(_("%(most)s files are enough for one item.") % {"most": FILES})
        kept = row.files.create(name=name, kind=kind, size=len(body), sha256=digest, at=at, by=by)
        RoundFileContent.objects.create(file=kept, body=body)
        _tell_signers(row.round, at)
    return kept


def remove_file(file: RoundFile) -> None:
    """What should not have been kept, such as a key, goes; that it was there stays. Raises Refused."""
    with transaction.atomic():
        _held(file.answer.round_id)
        RoundFile.objects.filter(pk=file.pk).update(removed=True)
        RoundFileContent.objects.filter(file=file).delete()


def hand_over(row: Round, *, to: User | None, due: date, by: User, at: datetime) -> None:
    """Who has it now is told, and reminded anew of a new date. Raises Refused."""
    with transaction.atomic():
        held = _held(row.pk)
        if not held.first <= due <= held.latest:
            raise Refused(
                _("Choose a date from %(first)s to %(last)s.")
                % {"first": held.first, "last": held.latest}
            )
        others = to is not None and to not in (held.owner, by)
        if due != held.due:
            held.told_before = held.told_after = False
        held.owner, held.due = to, due
        held.save(update_fields=["owner", "due", "told_before", "told_after"])
        if others:
            outbox.queue(notices(held, "given", at))


def sign(row: Round, *, remark: str, by: User, at: datetime) -> None:
    """Raises Refused."""
    with transaction.atomic():
        held = _held(row.pk)
        if why := why_not(held, by):
            raise Refused(str(WHY[why]))
        Round.objects.filter(pk=row.pk).update(signed_by=by, signed_at=at, remark=remark)


def _tell_signers(row: Round, at: datetime) -> None:
    """Once for a due date, as soon as nothing is missing but the signature."""
    answers = _answers(row)
    people = [
        one
        for one in signers()
        if why_not_signed(answers, signer=one.pk, may_sign=True, signed=False) is None
    ]
    outbox.queue(one for to in people for one in notices(row, "ready", at, to=to))


def why_not(row: Round, signer: User) -> Why | None:
    return why_not_signed(
        _answers(row),
        signer=signer.pk,
        may_sign=signer.may(Action.SIGN),
        signed=row.signed_at is not None,
    )


def _answers(row: Round) -> list[domain.Answer]:
    return [plain(one) for one in row.answers.prefetch_related("files")]


def plain(row: RoundAnswer) -> domain.Answer:
    kept = any(not file.removed for file in row.files.all())
    return domain.Answer(row.said, row.by_id, row.needs_evidence, bool(row.link) or kept)


def _held(pk: int) -> Round:
    """What is signed does not change any more. Raises Refused."""
    row = Round.objects.select_for_update().get(pk=pk)
    if row.signed_at is not None:
        raise Refused(str(WHY[Why.SIGNED]))
    return row
