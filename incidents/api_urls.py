from rest_framework.routers import SimpleRouter

from incidents.api import IncidentViewSet
from incidents.api_suggestions import SuggestionViewSet

router = SimpleRouter(use_regex_path=False)
router.register("incidents", IncidentViewSet, basename="incident")
router.register("suggestions", SuggestionViewSet, basename="suggestion")

urlpatterns = router.urls
