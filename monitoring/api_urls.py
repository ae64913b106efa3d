from rest_framework.routers import SimpleRouter

from monitoring.api import AlertViewSet
from monitoring.checks_api import CheckViewSet
from monitoring.metrics_api import MetricViewSet
from monitoring.rules_api import RuleViewSet

router = SimpleRouter()
router.register("alerts", AlertViewSet, basename="alert")
router.register("checks", CheckViewSet, basename="check")
router.register("metrics", MetricViewSet, basename="metric")
router.register("rules", RuleViewSet, basename="rule")

urlpatterns = router.urls
