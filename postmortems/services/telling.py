"""The public summary of a published postmortem, to wherever customers read of its incident."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from incidents.registry import publics
from postmortems.models import Postmortem, State
from postmortems.services.keeping import locked
from teams.models import User


def may_tell(postmortem: Postmortem) -> bool:
    """Whether it is published, has words for customers that they have not read, and there is a place for them."""
    if postmortem.is_open or not _words(postmortem) or is_told(postmortem):
        return False
    return any(publics[name].waits(postmortem.incident) for name in publics)


def tell_customers(postmortem: Postmortem, *, by: User | None, at: datetime) -> None:
    """Each published version once, however often it is pressed."""
    with transaction.atomic():
        now = locked(postmortem)
        if now.is_open:
            raise Refused(_("Publish it first: customers read what is frozen."))
        if not _words(now):
            raise Refused(_("There are no words for the status page yet."))
        if is_told(now):
            return
        for name in publics:
            publics[name].tell(now.incident, now.public_ko, now.public_en, by=by, at=at)
        Postmortem.objects.filter(pk=now.pk).update(told_version=_frozen(now))
    postmortem.refresh_from_db()


def is_told(postmortem: Postmortem) -> bool:
    return postmortem.told_version is not None and postmortem.told_version == _frozen(postmortem)


def _frozen(postmortem: Postmortem) -> int | None:
    """The version that was published last; closing it changes no word."""
    published = postmortem.versions.filter(state=State.PUBLISHED).order_by("-number")
    return published.values_list("number", flat=True).first()


def _words(postmortem: Postmortem) -> str:
    return (postmortem.public_ko + postmortem.public_en).strip()
