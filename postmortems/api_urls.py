from rest_framework.routers import SimpleRouter

from postmortems.api import PostmortemViewSet

router = SimpleRouter(use_regex_path=False)
router.register("postmortems", PostmortemViewSet, basename="postmortem")

urlpatterns = router.urls
