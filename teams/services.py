from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from core import tokens
from core.errors import Refused
from teams.domain.roles import Action
from teams.models import ApiToken, User
from teams.oncall import forget_top, rosters
from teams.rotations import Override, Rotation, Swap

LONGEST: Final = timedelta(days=92)


def new_api_token(user: User, *, name: str, scope: str) -> str:
    """The token itself, seen only here; the database keeps its hash."""
    token = tokens.new_token(40)
    ApiToken.objects.create(
        user=user, name=name, scope=scope, prefix=token[:4], token_hash=tokens.hashed(token)
    )
    return token


def new_calendar_address(user: User) -> None:
    User.objects.filter(pk=user.pk).update(calendar_generation=F("calendar_generation") + 1)


def stand_in(
    rotation: Rotation,
    person: User,
    *,
    starts_at: datetime,
    ends_at: datetime,
    by: User,
    at: datetime,
    reason: str = "",
) -> Override:
    """Put somebody on call for a while. A responder may put only themselves there.

    What is said twice, by a form sent again or a program that tries again, is one.
    """
    if person != by and not by.may(Action.COMMAND):
        raise Refused(_("Only a commander puts somebody else on call. You can take over yourself."))
    if not person.may(Action.RESPOND):
        raise Refused(_("%(name)s may not answer pages.") % {"name": person.name})
    _check(starts_at, ends_at, at)
    said = {"user": person, "starts_at": starts_at, "ends_at": ends_at}
    with transaction.atomic():
        Rotation.objects.select_for_update().get(pk=rotation.pk)
        last = rotation.overrides.covering(starts_at, ends_at).first()
        if last and all(getattr(last, name) == value for name, value in said.items()):
            return last
        made = rotation.overrides.create(reason=reason, made_by=by, **said)
    forget_top()
    return made


def end_override(override: Override, *, by: User, at: datetime) -> None:
    """Take it back: one to come vanishes, one under way ends now."""
    if by.pk not in {override.user_id, override.made_by_id} and not by.may(Action.COMMAND):
        raise Refused(_("Only who made it, who stands in, or a commander can end it."))
    if override.ends_at <= at:
        raise Refused(_("It is over already."))
    if override.starts_at >= at:
        override.delete()
    else:
        Override.objects.filter(pk=override.pk, ends_at__gt=at).update(ends_at=at)
    forget_top()


def ask_swap(
    rotation: Rotation,
    *,
    starts_at: datetime,
    ends_at: datetime,
    by: User,
    at: datetime,
    reason: str = "",
) -> Swap:
    """Ask the others to take a turn over; until somebody does, it stays one's own."""
    _check(starts_at, ends_at, at)
    (roster,) = rosters(starts_at, ends_at, only=[rotation.pk])
    if {turn.person for turn in roster.turns(starts_at, ends_at)} != {by}:
        raise Refused(_("You can only ask for turns of your own."))
    try:
        with transaction.atomic():
            return Swap.objects.create(
                rotation=rotation, asked_by=by, starts_at=starts_at, ends_at=ends_at,
                reason=reason, asked_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refused(_("You have asked for this turn already.")) from error


def take_swap(swap: Swap, *, by: User, at: datetime) -> Override:
    """The first who takes it stands in, from now on if the turn has begun."""
    if by.pk == swap.asked_by_id:
        raise Refused(_("It is your own turn. Withdraw the question instead."))
    with transaction.atomic():
        _close(swap, at=at)
        override = stand_in(
            swap.rotation, by, starts_at=max(swap.starts_at, at), ends_at=swap.ends_at, by=by,
            at=at, reason=swap.reason,
        )  # fmt: skip
        Swap.objects.filter(pk=swap.pk).update(override=override)
    return override


def withdraw_swap(swap: Swap, *, by: User, at: datetime) -> None:
    if by.pk != swap.asked_by_id and not by.may(Action.COMMAND):
        raise Refused(_("Only who asked, or a commander, can withdraw it."))
    _close(swap, at=at)


def _close(swap: Swap, *, at: datetime) -> None:
    if not Swap.objects.filter(pk=swap.pk, closed_at=None).update(closed_at=at):
        raise Refused(_("Somebody was faster: this turn has been settled."))


def _check(starts_at: datetime, ends_at: datetime, at: datetime) -> None:
    if ends_at <= starts_at:
        raise Refused(_("It has to end after it starts."))
    if ends_at <= at:
        raise Refused(_("It is over already."))
    if ends_at - starts_at > LONGEST:
        raise Refused(_("Longer than three months is a change of the rotation itself."))
