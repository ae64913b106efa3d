"""Whether what is held by itself is also let go by itself."""

from energy.domain.policy import KINDS, Lever
from runbooks.domain.actions import Mode
from runbooks.models import Limits

RESUME = "withdrawals.resume"
HOLDS = (KINDS[Lever.PAUSE_WITHDRAWALS], KINDS[Lever.HOLD_WITHDRAWALS])


def stays_held() -> bool:
    """A hold is switched on and its lifting is not: withdrawals would wait until people act."""
    rows = Limits.objects.filter(kind__in=[*HOLDS, RESUME]).values_list("kind", "mode")
    on = {kind for kind, mode in rows if mode == Mode.ON}
    return bool(on & set(HOLDS)) and RESUME not in on
