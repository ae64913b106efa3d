"""Whether what is held by itself is also let go by itself."""

from collections.abc import Mapping

from energy.domain.policy import KINDS, Lever
from runbooks.domain.actions import Mode
from runbooks.models import Limits

RESUME = "withdrawals.resume"
HOLDS = (KINDS[Lever.PAUSE_WITHDRAWALS], KINDS[Lever.HOLD_WITHDRAWALS])


def modes_now() -> dict[str, str]:
    """By kind, of the actions that the levers pull and of the one that lets go."""
    rows = Limits.objects.filter(kind__in=[*KINDS.values(), RESUME])
    return dict(rows.values_list("kind", "mode"))


def stays_held(modes: Mapping[str, str]) -> bool:
    """A hold is switched on and its lifting is not: withdrawals would wait until people act."""
    on = {kind for kind, mode in modes.items() if mode == Mode.ON}
    return bool(on & set(HOLDS)) and RESUME not in on
