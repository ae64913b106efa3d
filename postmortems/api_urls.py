from django.urls import path
from rest_framework.routers import SimpleRouter

from postmortems.api import PostmortemViewSet
from postmortems.api_parts import (
    CommentViewSet,
    EvidenceOfWhyViewSet,
    SuggestionViewSet,
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

urlpatterns = [path("figures/", FiguresView.as_view(), name="figures"), *router.urls]
