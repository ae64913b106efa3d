from monitoring.services.changes import note_change, prune_changes
from monitoring.services.flapping import mark_flapping, settle_due
from monitoring.services.integrations import add_integration
from monitoring.services.quieting import begin_due, end_early, judge, take_back, wake_due
from monitoring.services.routing import direct, note_routes
from monitoring.services.silencing import plan_maintenance, silence, update_silence
from monitoring.services.storing import close, keep_refused, store
from monitoring.services.upkeep import MESSAGES_KEPT, expire, prune

__all__ = [
    "MESSAGES_KEPT",
    "add_integration",
    "begin_due",
    "close",
    "direct",
    "end_early",
    "expire",
    "judge",
    "keep_refused",
    "mark_flapping",
    "note_change",
    "note_routes",
    "plan_maintenance",
    "prune",
    "prune_changes",
    "settle_due",
    "silence",
    "store",
    "take_back",
    "update_silence",
    "wake_due",
]
