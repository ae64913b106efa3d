from rest_framework.routers import SimpleRouter

from maintenance.api import CapacityViewSet

router = SimpleRouter()
router.register("capacities", CapacityViewSet, basename="capacity")

urlpatterns = router.urls
