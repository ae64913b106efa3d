"""Rows into what the planner asks for: who can help, what was spent, what is held back."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q, Sum

from energy.domain.measuring import SUN
from energy.domain.planning import Helper, Offer, Situation, Why
from energy.domain.policy import KINDS, Lever
from energy.domain.settlement import OPEN
from energy.domain.states import Level
from energy.models import ChainTransaction, Reading, Role, Wallet
from integrations import tron
from runbooks.domain.actions import DAY, PAID, WAITING, Mode, Spent, State
from runbooks.domain.actions import OPEN as UNDER_WAY
from runbooks.models import Action, Limits

FRESH: Final = timedelta(minutes=2)  # of a helper's reading
LENDS, CANCELS, STAKES = (
    KINDS[one] for one in (Lever.DELEGATE_ENERGY, Lever.CANCEL_UNSTAKES, Lever.EMERGENCY_STAKING)
)


def situation_of(
    wallet: Wallet,
    level: Level,
    reading: Reading,
    helpers: Sequence[tuple[Wallet, Reading]],
    *,
    at: datetime,
    offers: Sequence[Offer] = (),
    blocked: Mapping[Lever, Why] | None = None,
) -> Situation:
    """Where no treasury is watched, the wallet's own TRX may be staked; one that is busy is waited for."""
    promised, staked = _promised(at), by_wallet(Lever.EMERGENCY_STAKING, at=at)
    unsettled = _unsettled(promised)
    means = [_helper(one, read, promised, unsettled, staked) for one, read in helpers]
    if not means and not Wallet.objects.filter(enabled=True, role=Role.TREASURY).exists():
        means = [_helper(wallet, reading, promised, unsettled, staked, own=True)]
    return Situation(
        level,
        reading.left,
        reading.limit,
        reading.total_limit,
        reading.total_weight,
        reading.energy_fee_sun or 0,
        helpers=means,
        offers=offers,
        spent=_spent(at),
        own_caps=wallet.purchase_caps,
        bought=by_wallet(Lever.BUY_ENERGY, at=at).get(wallet.pk, Spent()),
        blocked=switched_off() | dict(blocked or {}),
    )


def helpers_at(at: datetime) -> list[tuple[Wallet, Reading]]:
    """Treasuries that are measured, and have no transaction under way."""
    busy = ChainTransaction.objects.filter(state__in=OPEN).values("wallet")
    rows = Wallet.objects.filter(enabled=True, role=Role.TREASURY, failures=0, last__isnull=False)
    found = rows.exclude(pk__in=busy).select_related("last")
    return [
        (one, one.last) for one in found if one.last and one.last.valid and one.last.at > at - FRESH
    ]


def _helper(
    wallet: Wallet,
    reading: Reading,
    promised: Sequence[Action],
    unsettled: Mapping[int, int],
    staked: Mapping[int, Spent],
    *,
    own: bool = False,
) -> Helper:
    ours = [one for one in promised if _counts(one, wallet, reading)]
    lent = sum(int(one.parameters["lend_sun"]) for one in ours if one.kind == LENDS)
    cancels = any(one.kind == CANCELS for one in ours)
    in_use = -(-reading.used * reading.total_weight // (reading.total_limit or 1)) * SUN
    return Helper(
        wallet.pk,
        reading.balance_sun,
        sum(one.sun for one in ours if one.kind == STAKES) + unsettled.get(wallet.pk, 0),
        wallet.reserve_sun,
        0 if own else max(0, reading.staked_sun - in_use - lent),
        0 if cancels else reading.unfreezing_sun,
        wallet.caps.left(staked.get(wallet.pk, Spent())),
    )


def by_wallet(lever: Lever, *, at: datetime, apart: int = 0) -> dict[int, Spent]:
    """What was staked from each or bought for it, and what may still be, the one action `apart`.

    For a wallet's own caps.
    """
    may_be = Q(state__in=[*WAITING, *UNDER_WAY])
    lately = may_be | Q(state__in=PAID, began_at__gt=at - DAY)
    rows = Action.objects.filter(kind=KINDS[lever]).exclude(pk=apart)
    found = (
        rows.values_list("parameters__wallet")
        .annotate(
            day=Sum("sun", filter=lately, default=0),
            lifetime=Sum("sun", filter=may_be | Q(state__in=PAID), default=0),
        )
        .order_by()
    )
    return {wallet: Spent(int(day), int(lifetime)) for wallet, day, lifetime in found}


def _promised(at: datetime) -> list[Action]:
    """Of every response: decided and not over, or over so lately that a reading may not show it."""
    under_way = Q(state__in=[State.APPROVED, *UNDER_WAY])
    lately = Q(state=State.CONFIRMED, ended_at__gt=at - FRESH)
    return list(Action.objects.filter(under_way | lately, kind__in=[LENDS, CANCELS, STAKES]))


def _counts(action: Action, wallet: Wallet, reading: Reading) -> bool:
    shown = action.ended_at is not None and action.ended_at <= reading.at
    return action.parameters.get("wallet") == wallet.pk and not shown


def _unsettled(promised: Sequence[Action]) -> dict[int, int]:
    """Stakes that are not settled, and no action's, by whose TRX they take: a balance may show them or not."""
    keys = [f"{one.kind}:{one.key}" for one in promised]
    stakes = ChainTransaction.objects.open().filter(contract=tron.Freeze.name)
    found: dict[int, int] = {}
    for wallet, sun in stakes.exclude(key__in=keys).values_list("wallet", "sun"):
        found[wallet] = found.get(wallet, 0) + sun
    return found


def _spent(at: datetime) -> dict[Lever, Spent]:
    """As the guard counts it, and what waits for its turn besides."""
    found = {}
    for lever in (Lever.BUY_ENERGY, Lever.EMERGENCY_STAKING):
        kind = KINDS[lever]
        begun = Action.objects.before(Action(kind=kind), now=at).spent
        queued = Action.objects.filter(kind=kind, state__in=WAITING).aggregate(sun=Sum("sun"))
        waits = int(queued["sun"] or 0)
        found[lever] = Spent(begun.day + waits, begun.lifetime + waits)
    return found


def switched_off() -> dict[Lever, Why]:
    kinds = {kind: lever for lever, kind in KINDS.items()}
    off = Limits.objects.filter(kind__in=kinds, mode=Mode.OFF).values_list("kind", flat=True)
    return {kinds[kind]: Why.SWITCHED_OFF for kind in off}
