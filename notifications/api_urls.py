from rest_framework.routers import SimpleRouter

from notifications.api import ContactViewSet

router = SimpleRouter(use_regex_path=False)
router.register("me/contacts", ContactViewSet, basename="own-contact")

urlpatterns = router.urls
