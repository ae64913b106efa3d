from django.urls import path
from rest_framework.routers import SimpleRouter

from maintenance.api import CapacityViewSet
from maintenance.api_recovery import RecoveryView
from maintenance.routine_api import RoutineRunViewSet, RoutineViewSet

router = SimpleRouter()
router.register("capacities", CapacityViewSet, basename="capacity")
router.register("routine/jobs", RoutineViewSet, basename="routine")
router.register("routine/runs", RoutineRunViewSet, basename="routine-run")

urlpatterns = [path("recovery/", RecoveryView.as_view(), name="api-recovery"), *router.urls]
