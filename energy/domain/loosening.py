"""What loosens, and what tightens, of a wallet and of the energy policy."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from energy.domain.policy import COSTLY
from runbooks.domain.loosening import Direction, Rule, fewer, less, more, nothing, whatever, wider


def levers(old: Sequence[str], new: Sequence[str]) -> Direction:
    """Only to spend less tightens: without a lever that costs nothing, those that cost something pay for it.

    So it is to take costly levers away, or to leave none of them.
    """
    if list(old) == list(new):
        return Direction.NEUTRAL
    gone = set(old) - set(new)
    spends_less = gone <= COSTLY or not COSTLY & set(new)
    rest = iter(old)
    in_order = all(lever in rest for lever in new)
    return Direction.TIGHTENS if spends_less and in_order else Direction.LOOSENS


WALLET: Final[Mapping[str, Rule]] = {
    "name": nothing,
    "address": whatever,  # the money of another account
    "role": whatever,  # a treasury pays for others, a hot wallet is paid for
    "service": nothing,
    "pays": nothing,  # whose customers are told
    "enabled": more,
    "period": nothing,
    "hasty_period": nothing,
    "transfer_energy": less,  # the less one takes, the more withdrawals a minute go again
    "warning_below": nothing,  # told, and nothing done
    "warning_until": nothing,
    # A response begins below the one, and has more levers for longer until the other.
    "emergency_below": more,
    "emergency_until": more,
    "critical_below": more,
    "critical_until": more,
    "runway_below": nothing,
    "worst_runway_below": nothing,
    "rental_notice": nothing,
    "rails": wider,
    "action_cap_sun": more,
    "day_cap_sun": more,
    "lifetime_cap_sun": more,
    "purchase_cap_sun": more,
    "purchase_day_cap_sun": more,
    "purchase_lifetime_cap_sun": more,
    "reserve_sun": less,
}
POLICY: Final[Mapping[str, Rule]] = {
    "emergency": levers,
    "critical": levers,
    "emergency_prepared": fewer,
    "restore_percent": more,
    "share_percent": more,
    "most_sun": more,
    "price_percent": more,
    "rent_for": more,
    "resume_percent": less,
    "resume_runway": less,
    "paused_for": less,
    "review_stakes_after": nothing,  # people are reminded, and nothing is done
}
# A new wallet is watched at once and costs nothing until somebody else has agreed: it begins with these...
CLOSED: Final[Mapping[str, Any]] = dict.fromkeys(
    [name for name in WALLET if name.endswith("cap_sun")], 0
)
# ...and with these as they were filled in, for there was none before it.
BORN_WITH: Final = frozenset({"name", "address", "role", "service", "enabled", "rails"})
