"""What a stake is worth, and when somebody should look whether it is wanted still."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from energy.domain.measuring import SUN

UNSTAKED_AFTER: Final = timedelta(days=14)  # until what is unstaked is money again (proposal 70)
SUSTAINED: Final = 2  # times its energy, which a day of steady use takes (`recovery`)


@dataclass(frozen=True)
class Worth:
    energy: int
    transfers_a_day: int
    burning_a_day_sun: int  # what the same energy would cost, burnt


def worth(
    sun: int, *, total_limit: int, total_weight: int, fee_sun: int, transfer_energy: int
) -> Worth:
    """By the chain's totals as they are now: it drifts when others stake."""
    energy = sun // SUN * total_limit // total_weight if total_weight > 0 else 0
    a_day = SUSTAINED * energy
    return Worth(energy, a_day // max(1, transfer_energy), a_day * fee_sun)
