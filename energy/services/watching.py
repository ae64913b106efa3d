"""Readings in. A tick claims the wallets that are due, asks about all of them at once, and writes
what came of it: the reading, how the wallet stands, and the alerts, in one transaction.

Who is asked runs in threads that touch no table; whoever has not answered by the deadline has failed.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

from django.db import transaction

from core.nudge import nudge
from core.rows import save_all
from energy.domain.measuring import Failed, Fault, Measured, Seen
from energy.domain.recovery import burned
from energy.domain.states import Level, after_failure, after_reading
from energy.looking import Looked, look
from energy.models import Reading, Wallet
from energy.services.hastening import hasten
from energy.services.telling import samples_of, tell_changes
from monitoring.services import write

TOGETHER: Final = 200  # wallets a tick
ASKING: Final = 16
DEADLINE: Final = 8.0  # a node that hangs holds two of the worker's threads at most
WAVE: Final = 1.0  # the slow do not hold up the quick for longer
HELD: Final = timedelta(seconds=20)
TOO_LONG: Final = timedelta(minutes=10)  # between two readings, to say what was used meanwhile
RESPOND: Final = "energy.respond"
STANDING: Final = (
    "level", "confirmed", "last_level", "calmer", "failures", "capacity", "measured", "told",
    "seen_at", "due_at", "held_until", "last",
)  # fmt: skip

Look = Callable[[str], Looked]


def watch(*, at: datetime, look: Look = look) -> int:
    """How many wallets were read, well or not."""
    hasten(at=at)
    wallets = _claim(at)
    if not wallets:
        return 0
    pool = ThreadPoolExecutor(min(ASKING, len(wallets)), thread_name_prefix="energy")
    try:
        asked = {pool.submit(look, wallet.address): wallet for wallet in wallets}
        _write_as_they_come(asked, at)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return len(wallets)


def _claim(at: datetime) -> list[Wallet]:
    """A wallet is asked about by one tick at a time; one that died is forgotten after its lease."""
    with transaction.atomic():
        due = Wallet.objects.due(at).select_for_update(skip_locked=True).order_by("due_at")
        wallets = list(due[:TOGETHER])
        for wallet in wallets:
            wallet.held_until = at + HELD
        save_all(wallets, ["held_until"])
    return wallets


def _write_as_they_come(asked: dict[Future[Looked], Wallet], at: datetime) -> None:
    waiting, until = set(asked), monotonic() + DEADLINE
    while waiting and (room := until - monotonic()) > 0:
        done, waiting = wait(waiting, timeout=min(WAVE, room))
        if done:
            keep([(asked[one], _outcome(one)) for one in done], at=at)
    if waiting:
        late = Failed(Fault.UNREACHABLE, "no answer in time")
        keep([(asked[one], late) for one in waiting], at=at)


def _outcome(one: Future[Looked]) -> Looked:
    try:
        return one.result()
    except Exception as error:
        return Failed(Fault.NONSENSE, f"{type(error).__name__}: {error}"[:300])


def keep(looked: Sequence[tuple[Wallet, Looked]], *, at: datetime) -> None:
    """What came of asking. Who lost the lease meanwhile lost the reading with it."""
    found = {wallet.pk: (wallet.held_until, outcome) for wallet, outcome in looked}
    with transaction.atomic():
        rows = Wallet.objects.select_related("last", "service").filter(pk__in=found)
        held = [
            row
            for row in rows.select_for_update(of=("self",)).order_by("pk")
            if row.held_until == found[row.pk][0]
        ]
        readings = [_reading(wallet, found[wallet.pk][1], at) for wallet in held]
        Reading.objects.bulk_create(readings)
        for wallet, reading in zip(held, readings, strict=True):
            _stand(wallet, reading, at)
        tell_changes(list(zip(held, readings, strict=True)), at=at)
        save_all(held, STANDING)
        if any(wallet.confirmed >= Level.EMERGENCY for wallet in held):
            nudge(RESPOND)
    write([sample for one in readings for sample in samples_of(one)], at=at)


def _stand(wallet: Wallet, reading: Reading, at: datetime) -> None:
    held = wallet.standing
    if reading.valid:
        wallet.stands(after_reading(held, reading.left, reading.limit, wallet.thresholds))
        wallet.last, wallet.seen_at = reading, at
    else:
        wallet.stands(after_failure(held))
    wallet.held_until, wallet.due_at = None, at + wallet.period


def _reading(wallet: Wallet, looked: Measured | Failed, at: datetime) -> Reading:
    if isinstance(looked, Failed):
        return Reading(wallet=wallet, at=at, fault=looked.fault, detail=looked.detail[:300])
    seen = looked.seen
    used, seconds = _burned(wallet.last, seen, at)
    return Reading(
        wallet=wallet, at=at, head_number=seen.head_number, head_at=seen.head_at,
        used=seen.used, limit=seen.limit, window=seen.window, burned=used, burned_seconds=seconds,
        balance_sun=seen.balance_sun, staked_sun=seen.staked_sun,
        delegated_out_sun=seen.delegated_out_sun, delegated_in_sun=seen.delegated_in_sun,
        unfreezing_sun=sum(one.amount_sun for one in seen.unfreezing),
        unfreezing_ends_at=min((one.ends_at for one in seen.unfreezing), default=None),
        total_limit=seen.total_limit or 0, total_weight=seen.total_weight or 0,
        energy_fee_sun=seen.energy_fee_sun,
    )  # fmt: skip


def _burned(last: Reading | None, seen: Seen, at: datetime) -> tuple[int, float]:
    """By the chain's clock where it tells, for decay counts blocks."""
    if last is None or last.head_at is None or at - last.at > TOO_LONG:
        return 0, 0.0
    seconds = (seen.head_at - last.head_at).total_seconds()
    if seconds <= 0:
        return 0, 0.0
    return burned(last.usage, seconds, seen.used), seconds
