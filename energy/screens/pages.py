"""The energy pages: one wallet large, and all of them in a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Min
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.charts.lines import Mark
from energy.domain.forecast import Ending, Pace, runways, transfers_left
from energy.domain.measuring import Fault
from energy.domain.recovery import seconds_to_percent
from energy.domain.renting import Outlook, outlook
from energy.domain.states import State
from energy.models import LeverName, Purchase, Reading, Response, Role, Step, Wallet
from energy.queries import bought_since, courses, endings, paces, used_since
from energy.screens.caps import Cap, caps_of
from energy.screens.course import POINTS, Course, course, length_since
from energy.screens.gauge import Gauge, gauge
from energy.screens.incoming import Incoming, incoming
from energy.screens.markets import shown_aside
from energy.screens.policy import Foreseen, foreseen
from energy.screens.responses import Told, latest
from energy.screens.responses import marks as marks_of_responses
from energy.words import ENDS_SOON, FAULTS, LENDS, STATES, TONES
from monitoring.models import Alert
from runbooks.domain.actions import State as ActionState

FIRST: Final = [
    State.CRITICAL, State.EMERGENCY, State.NO_CAPACITY, State.MEASUREMENT_FAILED, State.WARNING,
    State.OK, State.UNKNOWN,
]  # fmt: skip
READINGS_SHOWN: Final = 40
RENTED_SHOWN: Final = 3
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


@dataclass(frozen=True)
class Back:
    """How long until so much is left again by itself, if nothing were sent."""

    percent: int
    after: timedelta


@dataclass(frozen=True)
class Large:
    row: Row
    gauge: Gauge
    course: Course
    back: list[Back]
    empty_at: datetime | None
    soon_at: datetime | None
    used_today: int
    burning_today_sun: int | None  # what burning for it would have cost
    bought_today_sun: int  # paid to markets for it, also for what never came
    burning_a_transfer_sun: int | None
    recovers_an_hour: int
    incoming: Incoming
    rented: list[Purchase]  # that goes again, the next one first
    staked: list[Step]  # by responses, from it, the newest first
    failed: Reading | None
    fault: Promise | None
    foreseen: Foreseen
    told: Told | None
    caps: list[Cap]


def rows_of(wallets: list[Wallet], *, at: datetime) -> list[Row]:
    known = paces([wallet.pk for wallet in wallets], at=at) if wallets else {}
    going = endings([wallet.last for wallet in wallets if wallet.last], at=at)
    rows = [_row(wallet, known.get(wallet.pk), going.get(wallet.pk, [])) for wallet in wallets]
    return sorted(rows, key=_gravity)


def overview(*, at: datetime) -> dict[str, Any]:
    """The wallet that needs it most is the large one."""
    rows = rows_of(list(Wallet.objects.filter(enabled=True).select_related("last")), at=at)
    if not rows:
        return {"rows": rows, "large": None}
    return {
        "rows": rows,
        "large": _large(rows[0], rows, at=at),
        "aside": shown_aside(),
        "version": version(rows),
    }


def detail(wallet: Wallet, *, at: datetime) -> dict[str, Any]:
    rows = rows_of(list(Wallet.objects.filter(enabled=True).select_related("last")), at=at)
    mine = next((row for row in rows if row.wallet.pk == wallet.pk), None) or _row(wallet, None)
    readings = Reading.objects.filter(wallet=wallet).order_by("-at")[:READINGS_SHOWN]
    return {
        "rows": rows,
        "large": _large(mine, rows, at=at),
        "aside": shown_aside(),
        "readings": [(one, FAULTS[Fault(one.fault)] if one.fault else "") for one in readings],
        "version": version(rows),
    }


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


def _row(wallet: Wallet, known: Pace | None, going: Sequence[Ending] = ()) -> Row:
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


def _large(row: Row, rows: list[Row], *, at: datetime) -> Large:
    wallet, reading = row.wallet, row.reading
    first = Reading.objects.filter(wallet=wallet).aggregate(first=Min("at"))["first"]
    length = length_since(first, at=at)
    today = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    used = used_since([wallet.pk], today, at=at).get(wallet.pk, 0)
    fee = reading.energy_fee_sun if reading else None
    known = row.known
    failed = None
    if row.state == State.MEASUREMENT_FAILED:
        failed = Reading.objects.filter(wallet=wallet).exclude(fault="").order_by("-at").first()
    return Large(
        row=row,
        gauge=gauge(row.percent, _zones(wallet)),
        course=_course(row, length, at=at),
        back=_back(row) if known else [],
        empty_at=at + row.p50 if known and row.p50 else None,
        soon_at=at + row.p90 if known and row.p90 else None,
        used_today=used,
        burning_today_sun=None if fee is None else used * fee,
        bought_today_sun=bought_since(wallet.pk, today),
        burning_a_transfer_sun=None if fee is None else wallet.transfer_energy * fee,
        recovers_an_hour=_recovers(reading),
        incoming=incoming(wallet, reading, at=at),
        rented=list(wallet.purchases.running(at)[:RENTED_SHOWN]),
        staked=_staked(wallet),
        failed=failed,
        fault=FAULTS[Fault(failed.fault)] if failed else None,
        foreseen=foreseen(row, rows),
        told=latest(wallet),
        caps=caps_of(wallet, at=at),
    )


def _staked(wallet: Wallet) -> list[Step]:
    rows = Step.objects.filter(
        helper=wallet, lever=LeverName.EMERGENCY_STAKING, action__state=ActionState.CONFIRMED
    )
    return list(rows.select_related("action").order_by("-pk")[:RENTED_SHOWN])


def _course(row: Row, length: timedelta, *, at: datetime) -> Course:
    wallet = row.wallet
    buckets = courses([wallet.pk], at - length, at, step=length / POINTS).get(wallet.pk, [])
    return course(
        buckets,
        at=at,
        length=length,
        zone=timezone.get_current_timezone(),
        percent=row.percent if row.known else None,
        runways=(row.p50, row.p90),
        limits=[
            (wallet.emergency_below, f"{wallet.emergency_below} %", "p1"),
            (wallet.critical_below, f"{wallet.critical_below} %", "p0"),
        ],
        marks=_marks(wallet, at - length),
    )


def _marks(wallet: Wallet, since: datetime) -> list[Mark]:
    told = Alert.objects.filter(group=f"energy:{wallet.pk}", received_at__gte=since)
    alerts = [Mark(one.started_at, one.severity, one.severity.lower()) for one in told[:20]]
    return alerts + marks_of_responses(wallet, since)


def _zones(wallet: Wallet) -> list[tuple[float, float, str]]:
    return [
        (0, wallet.critical_below, "p0"),
        (wallet.critical_below, wallet.emergency_below, "p1"),
        (wallet.emergency_below, wallet.warning_below, "p2"),
    ]


def _back(row: Row) -> list[Back]:
    """To the ends of the states it is in, and to half."""
    reading, wallet = row.reading, row.wallet
    if reading is None:
        return []
    aims = sorted({wallet.emergency_until, wallet.critical_until, wallet.warning_until, 50})
    found = []
    for percent in aims:
        seconds = seconds_to_percent(
            percent, used=reading.used, limit=reading.limit, window=reading.window
        )
        if seconds:
            found.append(Back(percent, timedelta(seconds=seconds)))
    return found[:3]


def _recovers(reading: Reading | None) -> int:
    """By itself in an hour, from here; never more than is used."""
    if reading is None or not reading.window:
        return 0
    return round(reading.used - reading.usage.after(3600).used)


def headline(large: Large) -> str:
    return {
        State.MEASUREMENT_FAILED: _("The energy cannot be measured"),
        State.NO_CAPACITY: _("There is no energy at all"),
        State.UNKNOWN: _("Waiting for the first reading"),
    }.get(large.row.state, "")
