from monitoring.services.changes import note_change, prune_changes
from monitoring.services.integrations import add_integration
from monitoring.services.quieting import begin_due, judge, wake_due
from monitoring.services.silencing import (
    expire_silence,
    restore_silence,
    silence,
    update_silence,
)
from monitoring.services.storing import close, keep_refused, store
from monitoring.services.upkeep import MESSAGES_KEPT, expire, prune

__all__ = [
    "MESSAGES_KEPT",
    "add_integration",
    "begin_due",
    "close",
    "expire",
    "expire_silence",
    "judge",
    "keep_refused",
    "note_change",
    "prune",
    "prune_changes",
    "restore_silence",
    "silence",
    "store",
    "update_silence",
    "wake_due",
]
