"""A rental that ends soon, told when too little is left without it. It is over when that is rented anew or enough stays."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from energy.domain.forecast import Ending, Pace, transfers_left
from energy.domain.renting import Outlook, outlook, soon
from energy.domain.states import Level, Told
from energy.models import Role, Wallet
from energy.services.telling import began, over
from monitoring.domain.alerts import Signal

SEVERITIES: Final = {Level.WARNING: "P2", Level.EMERGENCY: "P1", Level.CRITICAL: "P1"}


def judge(
    wallet: Wallet, known: Pace | None, going: Sequence[Ending], *, at: datetime
) -> Signal | None:
    """Sets `rental_level`; the caller saves. A state that it is in already is told by itself."""
    held, found = Level(wallet.rental_level), _outlook(wallet, known, going)
    level = found.level if found else Level.OK
    if held is Level.OK and level <= wallet.level:
        level = Level.OK
    wallet.rental_level = level
    if level is Level.OK:
        return over(wallet, Told.RENTAL) if held else None
    return _began(wallet, found, going, at) if found and level > held else None


def _outlook(wallet: Wallet, known: Pace | None, going: Sequence[Ending]) -> Outlook | None:
    reading = wallet.last
    if reading is None or not (wallet.enabled and wallet.role == Role.HOT and wallet.capacity):
        return None
    return outlook(
        reading.usage, reading.limit, known.p50 if known else 0.0, going,
        notice=wallet.rental_notice, thresholds=wallet.thresholds, held=Level(wallet.rental_level),
    )  # fmt: skip


def _began(wallet: Wallet, found: Outlook, going: Sequence[Ending], at: datetime) -> Signal:
    ending = soon(going, wallet.rental_notice)
    ends = timezone.localtime(at + timedelta(seconds=min(one.seconds for one in ending)))
    with translation.override(settings.LANGUAGE_CODE):
        facts = {
            "wallet": wallet.name,
            "at": date_format(ends, "H:i"),
            "energy": f"{sum(one.energy for one in ending):,}",
            "percent": f"{found.percent:.1f}",
            "left": f"{found.left:,}",
            "transfers": f"{transfers_left(found.left, energy=wallet.transfer_energy):,}",
        }
        title = _("%(wallet)s: rented energy goes at %(at)s, then %(percent)s %% is left") % facts
        description = (
            _(
                "%(energy)s energy is rented until then. An hour later, at the present pace, %(left)s are left, "
                "enough for %(transfers)s USDT transfers. Rent again, or stake."
            )
            % facts
        )
    severity = SEVERITIES[found.level]
    return began(wallet, Told.RENTAL, title, description, at=at, severity=severity)
