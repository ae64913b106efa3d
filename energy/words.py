"""States and faults in the reader's language."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from energy.domain.measuring import Fault
from energy.domain.states import State

STATES: Final[dict[State, Promise]] = {
    State.UNKNOWN: _("not measured yet"),
    State.OK: _("enough"),
    State.WARNING: _("getting low"),
    State.EMERGENCY: _("emergency"),
    State.CRITICAL: _("critical"),
    State.MEASUREMENT_FAILED: _("cannot be measured"),
    State.NO_CAPACITY: _("no energy"),
}
LENDS: Final = _("lends its energy")
ENDS_SOON: Final = _("runs out soon")
TONES: Final = {
    State.UNKNOWN: "", State.OK: "good", State.WARNING: "p2", State.EMERGENCY: "p1",
    State.CRITICAL: "p0", State.MEASUREMENT_FAILED: "unknown", State.NO_CAPACITY: "p1",
}  # fmt: skip
FAULTS: Final[dict[Fault, Promise]] = {
    Fault.UNREACHABLE: _("The node does not answer."),
    Fault.NONSENSE: _("The node's answer makes no sense."),
    Fault.NO_TOTALS: _("The node's answer is incomplete."),
    Fault.STALE_HEAD: _("The node is behind the chain."),
    Fault.LIMIT_DIFFERS: _("The energy limit does not agree with what is staked."),
    Fault.NODES_DIFFER: _("Two nodes do not agree."),
}
