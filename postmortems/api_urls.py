from django.urls import path
from rest_framework.routers import SimpleRouter

from postmortems.api import PostmortemViewSet
from postmortems.api_parts import (
    ActionItemViewSet,
    CommentViewSet,
    EvidenceOfWhyViewSet,
    SuggestionViewSet,
    VersionViewSet,
    WhyViewSet,
)
from postmortems.figures.api import FiguresView

ONE = "postmortems/<int:number>"

router = SimpleRouter(use_regex_path=False)
router.register("postmortems", PostmortemViewSet, basename="postmortem")
router.register(f"{ONE}/whys", WhyViewSet, basename="postmortem-why")
router.register(f"{ONE}/evidence", EvidenceOfWhyViewSet, basename="postmortem-evidence")
router.register(f"{ONE}/comments", CommentViewSet, basename="postmortem-comment")
router.register(f"{ONE}/suggestions", SuggestionViewSet, basename="postmortem-suggestion")
router.register(f"{ONE}/versions", VersionViewSet, basename="postmortem-version")
router.register("action-items", ActionItemViewSet, basename="action-item")

urlpatterns = [path("figures/", FiguresView.as_view(), name="figures"), *router.urls]
