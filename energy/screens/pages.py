"""The energy pages: one wallet large, and all of them in a table."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Min
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.charts.shapes import Mark
from energy.domain.measuring import Fault
from energy.domain.recovery import seconds_to_percent
from energy.domain.states import State
from energy.models import LeverName, Purchase, Reading, Step, Wallet
from energy.queries import bought_since, courses, used_since
from energy.screens.caps import Cap, caps_of
from energy.screens.course import POINTS, Course, course, length_since
from energy.screens.gauge import Gauge, gauge
from energy.screens.incoming import Incoming, incoming
from energy.screens.markets import shown_aside
from energy.screens.policy import Foreseen, foreseen
from energy.screens.responses import Told, latest
from energy.screens.responses import marks as marks_of_responses
from energy.screens.rows import Row, row_of, rows_of, version
from energy.words import FAULTS
from monitoring.models import Alert
from runbooks.domain.actions import State as ActionState

READINGS_SHOWN: Final = 40
RENTED_SHOWN: Final = 3


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
    mine = next((row for row in rows if row.wallet.pk == wallet.pk), None) or row_of(wallet, None)
    readings = Reading.objects.filter(wallet=wallet).order_by("-at")[:READINGS_SHOWN]
    return {
        "rows": rows,
        "large": _large(mine, rows, at=at),
        "aside": shown_aside(),
        "readings": [(one, FAULTS[Fault(one.fault)] if one.fault else "") for one in readings],
        "version": version(rows),
    }


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
