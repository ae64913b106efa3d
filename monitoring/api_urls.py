from rest_framework.routers import SimpleRouter

from monitoring.api import AlertViewSet
from monitoring.metrics_api import MetricViewSet

router = SimpleRouter()
router.register("alerts", AlertViewSet, basename="alert")
router.register("metrics", MetricViewSet, basename="metric")

urlpatterns = router.urls
