"""A text's sender can be forged, but what is sent back goes to the phone: so grave commands need a code from there."""

from datetime import datetime

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext as _

from core.errors import Refused
from incidents.domain import commands
from incidents.domain.commands import Command, Grave
from incidents.domain.confirming import LASTS, MOST
from incidents.models import Confirmation
from teams.domain.codes import code, same
from teams.models import User


def ask(person: User, command: Grave, *, at: datetime) -> str:
    """The code under which it waits. The newest is meant, so that an old one confirms nothing else."""
    User.objects.select_for_update().get(pk=person.pk)  # or two at once could have one too many
    theirs = Confirmation.objects.filter(user=person)
    theirs.outlived(at=at).delete()
    if theirs.recent(at=at).count() >= MOST:
        raise Refused(_("Too many codes were asked for. Do it in the portal, or try again in 10 minutes."))  # fmt: skip
    made = theirs.create(user=person, command=commands.written(command), at=at)
    return code(made.pk, settings.SECRET_KEY)


def confirmed(person: User, typed: str, *, at: datetime) -> Command:
    """What was asked for; once."""
    open_ = Confirmation.objects.select_for_update().filter(user=person).open(at=at)
    waiting = open_.order_by("-at").first()
    if waiting is None:
        raise Refused(
            _("No command waits for a code, or it is older than %(minutes)s minutes. Nothing was changed.")
            % {"minutes": int(LASTS.total_seconds() // 60)}
        )  # fmt: skip
    if not same(typed, code(waiting.pk, settings.SECRET_KEY)):
        Confirmation.objects.filter(pk=waiting.pk).update(tries=F("tries") + 1)
        raise Refused(_("That is not the code. Nothing was changed."))
    Confirmation.objects.filter(pk=waiting.pk).update(used=True)
    return commands.read(waiting.command)
