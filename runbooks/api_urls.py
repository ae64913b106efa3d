from rest_framework.routers import SimpleRouter

from runbooks.api import ActionViewSet
from runbooks.api_halting import HaltViewSet, LimitsViewSet

router = SimpleRouter(use_regex_path=False)
router.register("actions/halts", HaltViewSet, basename="halt")
router.register("actions/limits", LimitsViewSet, basename="action-limit")
router.register("actions", ActionViewSet, basename="action")

urlpatterns = router.urls
