"""How long the energy lasts, looked at after each reading: told by itself when that is too short.

A percentage says late what a drain says early. In the shape of the other alerts: it begins with two
readings in a row, and ends by itself.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import durations
from core.rows import save_all
from energy.domain.forecast import Ending, Pace, runways, transfers_left
from energy.domain.lasting import Lasting, after, is_short
from energy.domain.states import Level, Told
from energy.models import Role, Wallet
from energy.queries import endings, paces
from energy.services import expiring
from energy.services.telling import began, over, tell_of
from monitoring.domain.alerts import Signal
from monitoring.services import in_each_language


def foresee(*, at: datetime) -> int:
    """How many wallets were judged."""
    with transaction.atomic():
        wallets = list(_to_judge())
        known = paces([wallet.pk for wallet in wallets], at=at) if wallets else {}
        going = endings([wallet.last for wallet in wallets if wallet.last], at=at)
        signals = [
            (wallet, one)
            for wallet in wallets
            for one in _signals(wallet, known.get(wallet.pk), going.get(wallet.pk, []), at)
        ]
        save_all(wallets, ["lasts_short", "lasts_turning", "lasts_of", "rental_level"])
        tell_of(signals, at=at)
    return len(wallets)


def _to_judge() -> list[Wallet]:
    """Of which there is a reading that was not judged yet, or that nobody watches any more."""
    rows = Wallet.objects.select_related("last", "service").filter(
        Q(enabled=True, role=Role.HOT, last__isnull=False, failures=0)
        & (Q(lasts_of=None) | ~Q(lasts_of=F("last_id")))
        | ~Q(enabled=True, role=Role.HOT) & (Q(lasts_short=True) | Q(rental_level__gt=Level.OK))
    )
    return list(rows.select_for_update(skip_locked=True, of=("self",)).order_by("pk"))


def _signals(
    wallet: Wallet, known: Pace | None, going: Sequence[Ending], at: datetime
) -> list[Signal]:
    found = (_judge(wallet, known, going, at), expiring.judge(wallet, known, going, at=at))
    return [one for one in found if one]


def _judge(
    wallet: Wallet, known: Pace | None, going: Sequence[Ending], at: datetime
) -> Signal | None:
    held, wallet.lasts_of = wallet.lasting, wallet.last_id
    watched = wallet.enabled and wallet.role == Role.HOT
    p50 = p90 = None
    if watched and wallet.capacity and wallet.last and known:
        p50, p90 = runways(wallet.last.usage, wallet.last.limit, known, going)
    short = is_short(p50, p90, wallet.lasting_bounds, held=held.short)
    if wallet.level >= Level.EMERGENCY and not held.short:
        short = False  # that is told already, and louder
    now = after(held, short) if watched else Lasting()
    wallet.lasts_short, wallet.lasts_turning = now.short, now.turning
    if now.short == held.short:
        return None
    return _began(wallet, p50, p90, at) if now.short else over(wallet, Told.RUNWAY)


@in_each_language
def _began(wallet: Wallet, p50: timedelta | None, p90: timedelta | None, at: datetime) -> Signal:
    reading = wallet.last
    facts = {
        "wallet": wallet.name,
        "usual": _words(p50),
        "worst": _words(p90),
        "percent": f"{reading.percent:.1f}" if reading and reading.percent is not None else "–",
        "transfers": f"{transfers_left(reading.left if reading else 0, energy=wallet.transfer_energy):,}",
    }
    title = _("%(wallet)s: the energy lasts %(usual)s, at worst %(worst)s") % facts
    description = (
        _("%(percent)s %% is left, enough for %(transfers)s USDT transfers, and is used fast.")
        % facts
    )
    return began(wallet, Told.RUNWAY, title, description, at=at)


def _words(lasts: timedelta | None) -> str:
    if lasts is None:
        return _("over 2 days")
    return durations.words(lasts, language=get_language() or "ko")
