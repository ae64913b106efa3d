from rest_framework.routers import SimpleRouter

from incidents.api import IncidentViewSet

router = SimpleRouter(use_regex_path=False)
router.register("incidents", IncidentViewSet, basename="incident")

urlpatterns = router.urls
