"""All wallets in a table, whoever needs it most first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count
from django.utils.functional import Promise

from energy.domain.forecast import Ending, Pace, runways, transfers_left
from energy.domain.renting import Outlook, outlook
from energy.domain.states import State
from energy.models import Purchase, Reading, Response, Role, Step, Wallet
from energy.queries import endings, paces
from energy.words import ENDS_SOON, LENDS, STATES, TONES

FIRST: Final = [
    State.CRITICAL, State.EMERGENCY, State.NO_CAPACITY, State.MEASUREMENT_FAILED, State.WARNING,
    State.OK, State.UNKNOWN,
]  # fmt: skip
# Of a treasury that is no alarm: its energy is there to be lent.
LENT: Final = {State.WARNING, State.EMERGENCY, State.CRITICAL, State.NO_CAPACITY}


SOON: Final = {State.OK, State.WARNING}  # where the percentage says less than how long it lasts


@dataclass(frozen=True)
class Row:
    """A wallet as it stands."""

    wallet: Wallet
    state: State
    word: Promise
    tone: str
    reading: Reading | None  # the last valid one
    pace: Pace | None
    p50: timedelta | None
    p90: timedelta | None
    rental: Outlook | None = None  # of what is left an hour after what is rented has gone

    @property
    def percent(self) -> float | None:
        """What was last known, which of a wallet that cannot be measured now is not what is."""
        return self.reading.percent if self.reading and self.state != State.NO_CAPACITY else None

    @property
    def transfers(self) -> int:
        left = self.reading.left if self.reading else 0
        return transfers_left(left, energy=self.wallet.transfer_energy)

    @property
    def helps(self) -> bool:
        return self.wallet.role == Role.TREASURY and self.known

    @property
    def known(self) -> bool:
        return self.percent is not None and self.state != State.MEASUREMENT_FAILED


def rows_of(wallets: list[Wallet], *, at: datetime) -> list[Row]:
    known = paces([wallet.pk for wallet in wallets], at=at) if wallets else {}
    going = endings([wallet.last for wallet in wallets if wallet.last], at=at)
    rows = [row_of(wallet, known.get(wallet.pk), going.get(wallet.pk, [])) for wallet in wallets]
    return sorted(rows, key=_gravity)


def version(rows: list[Row]) -> str:
    """Changes with each reading, valid or not, and with each step of a response."""
    readings = "-".join(f"{row.wallet.last_id or 0}.{row.wallet.failures}" for row in rows)
    steps = Step.objects.aggregate(
        steps=Count("pk"), over=Count("action__ended_at"), begun=Count("action__began_at")
    )
    open_ones = Response.objects.open().aggregate(lifted=Count("pauses__lifted_at"), of=Count("pk"))
    bought = Purchase.objects.aggregate(ended=Count("ended_at"), cleared=Count("cleared_at"))
    counted = [*steps.values(), *open_ones.values(), *bought.values()]
    return "-".join([readings, *map(str, counted)])


def row_of(wallet: Wallet, known: Pace | None, going: Sequence[Ending] = ()) -> Row:
    state, reading = wallet.state, wallet.last
    p50 = p90 = None
    if reading and reading.limit > 0 and known:
        p50, p90 = runways(reading.usage, reading.limit, known, going)
    word, tone = STATES[state], TONES[state]
    if wallet.role == Role.TREASURY and state in LENT:
        word, tone = LENDS, ""
    elif wallet.lasts_short and state in SOON:
        word, tone = ENDS_SOON, "p2"
    return Row(wallet, state, word, tone, reading, known, p50, p90, _rental(wallet, known, going))


def _rental(wallet: Wallet, known: Pace | None, going: Sequence[Ending]) -> Outlook | None:
    """Of all that is rented, however late it ends."""
    reading = wallet.last
    if reading is None or not going:
        return None
    last = timedelta(seconds=max(one.seconds for one in going))
    return outlook(
        reading.usage, reading.limit, known.p50 if known else 0.0, going, notice=last,
        thresholds=wallet.thresholds,
    )  # fmt: skip


def _gravity(row: Row) -> tuple[bool, int, float]:
    """Treasuries last: that little energy is left in one is as it should be."""
    percent = 101.0 if row.percent is None else row.percent
    return row.wallet.role == Role.TREASURY, FIRST.index(row.state), percent
