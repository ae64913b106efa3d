"""What the watching says: alerts, each told when it begins to hold and when it is over, and samples."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from core.models import Heartbeat
from core.rows import save_all
from energy.domain.forecast import transfers_left
from energy.domain.measuring import SUN, Fault
from energy.domain.states import Told, told_of
from energy.models import Reading, Role, Wallet
from energy.words import FAULTS
from monitoring.domain.alerts import Signal
from monitoring.domain.samples import Identity, Point
from monitoring.services import in_each_language, tell

SEVERITIES: Final = {
    Told.WARNING: "P2", Told.EMERGENCY: "P1", Told.CRITICAL: "P0",
    Told.MEASUREMENT_FAILED: "P2", Told.NO_CAPACITY: "P1", Told.UNSEEN: "P1",
    Told.RUNWAY: "P2", Told.RENTAL: "P2",
}  # fmt: skip
SERVICE: Final = "energy"
BEAT, BEGAN = "energy unseen", "energy unseen since"
PAUSE: Final = timedelta(seconds=60)  # four of its ticks
# A treasury lends its energy away: that little is left of it is as it should be.
OF_A_TREASURY: Final = frozenset({Told.MEASUREMENT_FAILED, Told.UNSEEN})


def tell_changes(read: Sequence[tuple[Wallet, Reading]], *, at: datetime) -> None:
    """Sets `told`; the caller saves, in the same transaction."""
    signals: list[tuple[Wallet, Signal]] = []
    for wallet, reading in read:
        holds = told_of(wallet.standing)
        if wallet.role == Role.TREASURY:
            holds &= OF_A_TREASURY
        before = frozenset(map(Told, wallet.told))
        signals += [(wallet, signal_of(wallet, one, reading, at)) for one in sorted(holds - before)]
        signals += [(wallet, over(wallet, one)) for one in sorted(before - holds)]
        wallet.told = sorted(holds)
    tell_of(signals, at=at)


def tell_of(signals: Iterable[tuple[Wallet, Signal]], *, at: datetime) -> None:
    """Of a wallet that is in a drill, marked as one."""
    found = list(signals)
    for drill in (False, True):
        if mine := [one for wallet, one in found if wallet.in_drill(at) == drill]:
            tell(mine, at=at, drill=drill)


def watch_the_watching(*, at: datetime) -> int:
    """Run by another worker than the watching, whose silence it tells."""
    with transaction.atomic():
        since = _watched_since(at)
        rows = Wallet.objects.select_related("service").select_for_update(
            skip_locked=True, of=("self",)
        )
        gone = list(rows.gone_unseen(at, watched_since=since))
        back = list(rows.seen_again(at))
        if not (gone or back):
            return 0
        for wallet in gone:
            wallet.unseen = True
        for wallet in back:
            wallet.unseen = False
        save_all([*gone, *back], ["unseen"])
        signals = [(wallet, signal_of(wallet, Told.UNSEEN, None, at)) for wallet in gone]
        tell_of([*signals, *((one, over(one, Told.UNSEEN)) for one in back)], at=at)
    return len(gone) + len(back)


def _watched_since(at: datetime) -> datetime:
    """Since when this has run without a pause."""
    beats = {row.name: row.at for row in Heartbeat.objects.filter(name__in=[BEAT, BEGAN])}
    last, began = beats.get(BEAT), beats.get(BEGAN)
    if last is None or began is None or at - last > PAUSE:
        began = at
        Heartbeat.objects.update_or_create(name=BEGAN, defaults={"at": at})
    Heartbeat.objects.update_or_create(name=BEAT, defaults={"at": at})
    return began


def samples_of(reading: Reading) -> list[Point]:
    """Nothing of what is not known: a hole in a course is no zero."""
    if not reading.valid:
        return []
    found = {"trx_balance": (reading.balance_sun / SUN, "TRX")}
    if reading.percent is not None:
        found |= {
            "energy_left": (reading.percent, "%"),
            "energy_available": (float(reading.left), ""),
            "energy_limit": (float(reading.limit), ""),
        }
    if reading.burned_seconds:
        found["energy_burned_per_hour"] = (reading.burned * 3600 / reading.burned_seconds, "")
    labels = {"wallet": reading.wallet.name}
    return [
        Point(Identity(name, labels, unit=unit, kind="business"), reading.at, value)
        for name, (value, unit) in found.items()
    ]


@in_each_language
def signal_of(wallet: Wallet, told: Told, reading: Reading | None, at: datetime) -> Signal:
    title, description = _title(wallet, told, reading), _description(wallet, told, reading)
    since = wallet.seen_at if told == Told.UNSEEN else at
    return began(wallet, told, title, description, at=since)


def began(
    wallet: Wallet, told: Told, title: str, description: str, *, at: datetime, severity: str = ""
) -> Signal:
    return Signal(
        key=_key(wallet, told),
        title=title,
        description=description,
        severities=[severity or SEVERITIES[told]],
        service=wallet.service.slug if wallet.service else SERVICE,
        group=f"energy:{wallet.pk}",
        labels={"alertname": f"energy_{told}", "wallet": wallet.name, "address": wallet.address},
        started_at=at,
        url=f"{settings.BASE_URL}{wallet.get_absolute_url()}",
    )


def over(wallet: Wallet, told: Told) -> Signal:
    return Signal(key=_key(wallet, told), title=wallet.name, resolved=True)


def _key(wallet: Wallet, told: Told) -> str:
    return f"energy:{wallet.pk}:{told}"


def _title(wallet: Wallet, told: Told, reading: Reading | None) -> str:
    words = {
        Told.WARNING: _("%(wallet)s: %(percent)s %% of the energy is left"),
        Told.EMERGENCY: _("%(wallet)s: energy short, %(percent)s %% left"),
        Told.CRITICAL: _("%(wallet)s: energy exhausted, %(percent)s %% left"),
        Told.MEASUREMENT_FAILED: _("%(wallet)s: the energy cannot be measured"),
        Told.NO_CAPACITY: _("%(wallet)s: there is no energy at all"),
        Told.UNSEEN: _("%(wallet)s: no valid reading for three periods"),
    }
    percent = reading.percent if reading else None
    shown = "–" if percent is None else f"{percent:.1f}"
    return words[told] % {"wallet": wallet.name, "percent": shown}


def _description(wallet: Wallet, told: Told, reading: Reading | None) -> str:
    if told == Told.NO_CAPACITY:
        return _("Nothing is staked or rented: each transfer burns TRX.")
    if told == Told.UNSEEN:
        return _("How much energy is left is not known. See the node and the workers.")
    if reading is None:
        return ""
    if told == Told.MEASUREMENT_FAILED:
        return f"{FAULTS[Fault(reading.fault)]} {reading.detail}".strip()
    transfers = transfers_left(reading.left, energy=wallet.transfer_energy)
    return _("%(left)s of %(limit)s energy, enough for %(transfers)s USDT transfers.") % {
        "left": f"{reading.left:,}",
        "limit": f"{reading.limit:,}",
        "transfers": f"{transfers:,}",
    }
