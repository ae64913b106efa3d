from rest_framework.routers import SimpleRouter

from monitoring.anomalies_api import AnomalyViewSet
from monitoring.api import AlertViewSet
from monitoring.checks_api import CheckViewSet
from monitoring.logs_api import (
    LogFindingViewSet,
    LogPatternViewSet,
    LogSourceViewSet,
    LogTemplateViewSet,
)
from monitoring.metrics_api import MetricViewSet
from monitoring.rules_api import RuleViewSet

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

urlpatterns = router.urls
