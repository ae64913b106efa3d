from rest_framework.routers import SimpleRouter

from runbooks.api import ActionViewSet
from runbooks.api_halting import HaltViewSet, LimitsViewSet
from runbooks.api_runbooks import RunbookViewSet
from runbooks.api_runs import RunViewSet

router = SimpleRouter(use_regex_path=False)
router.register("actions/halts", HaltViewSet, basename="halt")
router.register("actions/limits", LimitsViewSet, basename="action-limit")
router.register("actions", ActionViewSet, basename="action")
router.register("runbooks", RunbookViewSet, basename="runbook")
router.register("runs", RunViewSet, basename="run")

urlpatterns = router.urls
