from rest_framework.routers import SimpleRouter

from monitoring.anomalies_api import AnomalyViewSet
from monitoring.api import AlertViewSet
from monitoring.checks_api import CheckViewSet
from monitoring.heartbeats_api import HeartbeatViewSet
from monitoring.logs_api import (
    LogFindingViewSet,
    LogPatternViewSet,
    LogSourceViewSet,
    LogTemplateViewSet,
)
from monitoring.metrics_api import MetricViewSet
from monitoring.routes_api import RouteViewSet
from monitoring.rules_api import RuleViewSet
from monitoring.silences_api import SilenceViewSet
from monitoring.windows_api import WindowViewSet

router = SimpleRouter()
router.register("alerts", AlertViewSet, basename="alert")
router.register("anomalies", AnomalyViewSet, basename="anomaly")
router.register("checks", CheckViewSet, basename="check")
router.register("metrics", MetricViewSet, basename="metric")
router.register("rules", RuleViewSet, basename="rule")
router.register("logs", LogSourceViewSet, basename="log")
router.register("log-patterns", LogPatternViewSet, basename="log-pattern")
router.register("log-findings", LogFindingViewSet, basename="log-finding")
router.register("log-templates", LogTemplateViewSet, basename="log-template")

typed = SimpleRouter(use_regex_path=False)
typed.register("heartbeats", HeartbeatViewSet, basename="heartbeat")
typed.register("silences", SilenceViewSet, basename="silence")
typed.register("maintenance-windows", WindowViewSet, basename="window")
typed.register("routes", RouteViewSet, basename="route")

urlpatterns = router.urls + typed.urls
