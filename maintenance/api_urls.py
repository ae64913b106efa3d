from django.urls import path
from rest_framework.routers import SimpleRouter

from maintenance.api.backups import BackupPlanViewSet, BackupViewSet, RestoreTestViewSet
from maintenance.api.capacity import CapacityViewSet
from maintenance.api.checklists import RoundViewSet
from maintenance.api.recovery import RecoveryView
from maintenance.api.routine import RoutineRunViewSet, RoutineViewSet

router = SimpleRouter()
router.register("backup-plans", BackupPlanViewSet, basename="backup-plan")
router.register("backups", BackupViewSet, basename="backup")
router.register("restore-tests", RestoreTestViewSet, basename="restore-test")
router.register("capacities", CapacityViewSet, basename="capacity")
router.register("routine/jobs", RoutineViewSet, basename="routine")
router.register("routine/runs", RoutineRunViewSet, basename="routine-run")
router.register("routine/rounds", RoundViewSet, basename="round")

urlpatterns = [path("recovery/", RecoveryView.as_view(), name="api-recovery"), *router.urls]
