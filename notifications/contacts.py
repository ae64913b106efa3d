"""One's own ways to be reached: kept by oneself, and proved by a code that arrives there."""

from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from core.errors import Refused
from notifications import services as outbox
from notifications.models import Delivery, Lane
from teams.contacts import ContactCode
from teams.domain.codes import MOST, TRIES, same
from teams.forms import OwnContactForm
from teams.models import ContactMethod, User

TEMPLATE: Final = "contact_code"
ANSWERED_BY: Final = ("sms", "slack")  # whoever writes from there is known by the address alone


def keep(form: OwnContactForm) -> ContactMethod:
    """Add a way or change its address."""
    if _is_somebody_elses(form.instance):
        raise Refused(_("Somebody else is reached there already. Ask an administrator."))
    try:
        with transaction.atomic():
            return form.save()
    except IntegrityError as error:
        raise Refused(_one_a_channel()) from error


def switch(contact: ContactMethod) -> None:
    if not contact.enabled and _is_somebody_elses(contact):
        raise Refused(_("Somebody else is reached there already. Ask an administrator."))
    try:
        with transaction.atomic():
            ContactMethod.objects.filter(pk=contact.pk).update(enabled=not contact.enabled)
    except IntegrityError as error:
        raise Refused(_one_a_channel()) from error


def send_code(contact: ContactMethod, *, at: datetime) -> None:
    """Through the real outbox: that it arrives is what is to be proved."""
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=contact.user_id)  # two clicks are two codes
        ContactCode.objects.filter(user=user).outlived(at=at).delete()
        sent = ContactCode.objects.recent(at=at).filter(user=user, channel=contact.channel)
        if sent.count() >= MOST:
            raise Refused(_("Three codes were sent in ten minutes. Wait a little, then ask again."))
        code = ContactCode.objects.create(
            user=user, channel=contact.channel, address=contact.address, made_at=at
        )
        outbox.queue([_message(code, user, at=at)])


def confirm(contact: ContactMethod, typed: str, *, at: datetime) -> None:
    code = _newest(contact, at=at)
    tried = ContactCode.objects.filter(pk=code.pk, tries__lt=TRIES, used=False)
    # Counted before it is compared: many guesses at once are still only a few.
    if not tried.update(tries=F("tries") + 1):
        raise Refused(_("This code can no longer be used. Ask for a new one."))
    if not same(typed, code.digits):
        left = TRIES - 1 - code.tries
        raise Refused(_("That is not the code. Tries left: %(left)s") % {"left": left})
    with transaction.atomic():
        ContactCode.objects.filter(pk=code.pk).update(used=True)
        proved = ContactMethod.objects.filter(pk=contact.pk, address=code.address)
        proved.update(verified_at=at)


def _newest(contact: ContactMethod, *, at: datetime) -> ContactCode:
    codes = ContactCode.objects.open(at=at).filter(user=contact.user_id, channel=contact.channel)
    newest = codes.filter(address=contact.address).order_by("-made_at").first()
    if newest is None:
        raise Refused(_("This code can no longer be used. Ask for a new one."))
    return newest


def _message(code: ContactCode, user: User, *, at: datetime) -> Delivery:
    return Delivery(
        lane=Lane.NOTICE,
        topic=f"contact:{user.pk}",
        step=code.pk.hex,
        recipient=user,
        recipient_name=user.name,
        language=user.language,
        channel=code.channel,
        address=code.address,
        template=TEMPLATE,
        context={"ticket": str(code.pk)},  # not the digits: the outbox is read by administrators
        created_at=at,
        due_at=at,
        noted=True,  # nobody waits for its outcome
    )


def _is_somebody_elses(contact: ContactMethod) -> bool:
    others = ContactMethod.objects.filter(
        channel=contact.channel, address=contact.address, enabled=True, user__is_active=True
    )
    return contact.channel in ANSWERED_BY and others.exclude(user=contact.user_id).exists()


def _one_a_channel() -> str:
    return _("You have another way by this channel. Change it, or switch it off first.")
