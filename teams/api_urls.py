from django.urls import path
from rest_framework.routers import SimpleRouter

from teams.api_directory import PersonViewSet, ServiceViewSet
from teams.api_on_call import OnCallView
from teams.api_preferences import PreferencesView
from teams.api_rules import PagingRuleViewSet
from teams.api_standing_in import OverrideViewSet
from teams.api_swaps import SwapViewSet

router = SimpleRouter(use_regex_path=False)
router.register("on-call/overrides", OverrideViewSet, basename="override")
router.register("on-call/swaps", SwapViewSet, basename="swap")
router.register("me/paging-rules", PagingRuleViewSet, basename="own-rule")
router.register("people", PersonViewSet, basename="person")
router.register("services", ServiceViewSet, basename="service")

urlpatterns = [
    path("on-call/", OnCallView.as_view()),
    path("me/preferences/", PreferencesView.as_view()),
    *router.urls,
]
