from monitoring.kinds import Kind
from monitoring.models.alerts import Alert, AlertQuerySet, Payload
from monitoring.models.anomalies import (
    Anomaly,
    AnomalyQuerySet,
    Feedback,
    JudgedLine,
    MetricState,
    Verdict,
)
from monitoring.models.changes import Change
from monitoring.models.checks import Check
from monitoring.models.heartbeats import HeartbeatMonitor, Ping
from monitoring.models.integration import (
    HeardMessage,
    Integration,
    default_severity_map,
    severity_choices,
    source_choices,
)
from monitoring.models.log_findings import LogFinding, LogTemplate, LogTemplateDay
from monitoring.models.logs import LogBatch, LogFile, LogKind, LogPattern, LogSource
from monitoring.models.metrics import Metric, MetricQuerySet
from monitoring.models.quiet import MaintenanceWindow, QuietQuerySet, QuietTime, Silence
from monitoring.models.routes import Route
from monitoring.models.rules import Rule, RuleFiring, RuleKind, RuleState

__all__ = [
    "Alert",
    "AlertQuerySet",
    "Anomaly",
    "AnomalyQuerySet",
    "Change",
    "Check",
    "Feedback",
    "HeardMessage",
    "HeartbeatMonitor",
    "Integration",
    "JudgedLine",
    "Kind",
    "LogBatch",
    "LogFile",
    "LogFinding",
    "LogKind",
    "LogPattern",
    "LogSource",
    "LogTemplate",
    "LogTemplateDay",
    "MaintenanceWindow",
    "Metric",
    "MetricQuerySet",
    "MetricState",
    "Payload",
    "Ping",
    "QuietQuerySet",
    "QuietTime",
    "Route",
    "Rule",
    "RuleFiring",
    "RuleKind",
    "RuleState",
    "Silence",
    "Verdict",
    "default_severity_map",
    "severity_choices",
    "source_choices",
]
