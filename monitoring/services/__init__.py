from monitoring.services.anomalies import judge_metric, prune_anomalies, say
from monitoring.services.bounding import forget_metrics, watch_room
from monitoring.services.changes import note_change, prune_changes
from monitoring.services.checking import claim_checks, hold_checks, note_runs, release_checks
from monitoring.services.depending import release_due
from monitoring.services.flapping import mark_flapping, settle_due
from monitoring.services.heartbeats import (
    keep,
    let_go,
    pause,
    ping,
    prune_pings,
    watch_heartbeats,
)
from monitoring.services.integrations import add_integration
from monitoring.services.keeping import keep_check, pause_check, remove_check, watch_checks
from monitoring.services.log_keeping import (
    TooMuchWaits,
    keep_log_pattern,
    keep_log_source,
    know_log_template,
    let_go_log_pattern,
    let_go_log_source,
    prune_logs,
    take_lines,
    tend_logs,
)
from monitoring.services.ours import in_each_language, tell
from monitoring.services.partitioning import drop_old, make_ahead
from monitoring.services.quieting import begin_due, end_early, judge, take_back, wake_due
from monitoring.services.rolling import roll_up
from monitoring.services.routing import direct, note_routes, sent
from monitoring.services.rules import (
    enable_rule,
    keep_rule,
    plant_rules,
    prune_firings,
    remove_rules,
    reset_rule,
)
from monitoring.services.ruling import apply_rules
from monitoring.services.sampling import write, write_rows
from monitoring.services.silencing import plan_maintenance, silence, update_silence
from monitoring.services.standing_still import watch_ticks
from monitoring.services.storing import close, keep_refused, store
from monitoring.services.upkeep import MESSAGES_KEPT, expire, prune

__all__ = [
    "MESSAGES_KEPT",
    "TooMuchWaits",
    "add_integration",
    "apply_rules",
    "begin_due",
    "claim_checks",
    "close",
    "direct",
    "drop_old",
    "enable_rule",
    "end_early",
    "expire",
    "forget_metrics",
    "hold_checks",
    "in_each_language",
    "judge",
    "judge_metric",
    "keep",
    "keep_check",
    "keep_log_pattern",
    "keep_log_source",
    "keep_refused",
    "keep_rule",
    "know_log_template",
    "let_go",
    "let_go_log_pattern",
    "let_go_log_source",
    "make_ahead",
    "mark_flapping",
    "note_change",
    "note_routes",
    "note_runs",
    "pause",
    "pause_check",
    "ping",
    "plan_maintenance",
    "plant_rules",
    "prune",
    "prune_anomalies",
    "prune_changes",
    "prune_firings",
    "prune_logs",
    "prune_pings",
    "release_checks",
    "release_due",
    "remove_check",
    "remove_rules",
    "reset_rule",
    "roll_up",
    "say",
    "sent",
    "settle_due",
    "silence",
    "store",
    "take_back",
    "take_lines",
    "tell",
    "tend_logs",
    "update_silence",
    "wake_due",
    "watch_checks",
    "watch_heartbeats",
    "watch_room",
    "watch_ticks",
    "write",
    "write_rows",
]
