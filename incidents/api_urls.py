from django.urls import path
from rest_framework.routers import SimpleRouter

from incidents.api.calls import CallViewSet
from incidents.api.choices import GroupViewSet, PolicyViewSet, TemplateViewSet
from incidents.api.evidence import EvidenceViewSet
from incidents.api.handover import HandoverView
from incidents.api.incidents import IncidentViewSet
from incidents.api.messages import MessageViewSet
from incidents.api.noise import NoiseView
from incidents.api.presence import PresenceViewSet
from incidents.api.reach import HoleViewSet, WhatIfView
from incidents.api.readings import ChangeViewSet, PageViewSet, StandingViewSet
from incidents.api.related import RelatedViewSet
from incidents.api.roles import RoleViewSet
from incidents.api.suggestions import OpenSuggestionViewSet, SuggestionViewSet
from incidents.api.tasks import TaskViewSet
from incidents.api.team import TeamViewSet

router = SimpleRouter(use_regex_path=False)
router.register("incidents", IncidentViewSet, basename="incident")
router.register("incidents/<int:number>/tasks", TaskViewSet, basename="incident-task")
router.register("incidents/<int:number>/evidence", EvidenceViewSet, basename="incident-evidence")
router.register("incidents/<int:number>/messages", MessageViewSet, basename="incident-message")
router.register("incidents/<int:number>/roles", RoleViewSet, basename="incident-role")
router.register("incidents/<int:number>/related", RelatedViewSet, basename="incident-related")
router.register("incidents/<int:number>/team", TeamViewSet, basename="incident-team")
router.register("incidents/<int:number>/calls", CallViewSet, basename="incident-call")
router.register("incidents/<int:number>/presence", PresenceViewSet, basename="incident-presence")
router.register(
    "incidents/<int:number>/suggestion", OpenSuggestionViewSet, basename="incident-suggestion"
)
router.register("suggestions", SuggestionViewSet, basename="suggestion")

router.register("incidents/<int:number>/pages", PageViewSet, basename="incident-page")
router.register("incidents/<int:number>/changes", ChangeViewSet, basename="incident-change")
router.register("incidents/<int:number>/stakeholders", StandingViewSet, basename="incident-told")
router.register("severities", PolicyViewSet, basename="severity")
router.register("stakeholder-groups", GroupViewSet, basename="stakeholder-group")
router.register("message-templates", TemplateViewSet, basename="message-template")
router.register("on-call/holes", HoleViewSet, basename="hole")

urlpatterns = [
    path("alerts/noise/", NoiseView.as_view()),
    path("incidents/<int:number>/handover/", HandoverView.as_view()),
    path("on-call/what-if/", WhatIfView.as_view()),
    *router.urls,
]
