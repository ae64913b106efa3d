from rest_framework.routers import SimpleRouter

from statuspage.api import ComponentViewSet, NoticeViewSet
from statuspage.api_maintenance import MaintenanceViewSet

router = SimpleRouter(use_regex_path=False)
router.register("status/components", ComponentViewSet, basename="component")
router.register("status/notices", NoticeViewSet, basename="notice")
router.register("status/maintenances", MaintenanceViewSet, basename="maintenance")

urlpatterns = router.urls
