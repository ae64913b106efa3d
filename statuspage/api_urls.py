from rest_framework.routers import SimpleRouter

from statuspage.api import ComponentViewSet, NoticeViewSet
from statuspage.api_maintenance import MaintenanceViewSet
from statuspage.api_past import PastViewSet

router = SimpleRouter(use_regex_path=False)
router.register("status/components", ComponentViewSet, basename="component")
router.register("status/notices", NoticeViewSet, basename="notice")
router.register("status/maintenances", MaintenanceViewSet, basename="maintenance")
router.register("status/past", PastViewSet, basename="past")

urlpatterns = router.urls
