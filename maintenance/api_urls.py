from rest_framework.routers import SimpleRouter

from maintenance.api import CapacityViewSet
from maintenance.routine_api import RoutineRunViewSet, RoutineViewSet

router = SimpleRouter()
router.register("capacities", CapacityViewSet, basename="capacity")
router.register("routine/jobs", RoutineViewSet, basename="routine")
router.register("routine/runs", RoutineRunViewSet, basename="routine-run")

urlpatterns = router.urls
