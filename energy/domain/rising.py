"""Whether what the chain has confirmed shows in the wallet: a receipt is no energy.

Looked at is the sun behind the limit, staked or delegated in or out: a reading is valid only if the limit agrees
with it, and it stays as it is when others stake or the wallet lends.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Final

WITHIN: Final = timedelta(seconds=60)  # from the solid receipt, by readings after it
UNSEEN: Final = timedelta(minutes=5)  # where no reading after it was valid
MOST: Final = 95  # percent, from which it has come: the chain counts whole TRX


class Rise(StrEnum):
    WAITS = "waits"
    ROSE = "rose"
    MISSING = "missing"


def risen(before_sun: int, now_sun: int, *, gone_sun: int, elsewhere_sun: int) -> int:
    """What one transaction has brought: less what others brought meanwhile, and what ended made good."""
    return max(0, now_sun - before_sun + gone_sun - elsewhere_sun)


def judge(expected_sun: int, risen_sun: int | None, *, waited: timedelta) -> Rise:
    """`risen_sun`: None, nothing valid was measured since."""
    if risen_sun is not None and risen_sun * 100 >= expected_sun * MOST:
        return Rise.ROSE
    return Rise.MISSING if waited >= (UNSEEN if risen_sun is None else WITHIN) else Rise.WAITS
