"""Postmortems by the API: drafted from a resolved incident, read, revised."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from core.severity import Severity
from incidents.models import Incident
from postmortems import services
from postmortems.api_shapes import PEOPLE, ActionItemSerializer, WhySerializer
from postmortems.models import Postmortem, State
from postmortems.questions import missing
from postmortems.screens.archive import Filters
from postmortems.services import TEXTS
from teams.api import person
from teams.api_once import once
from teams.domain.roles import Action


class PostmortemSerializer(serializers.ModelSerializer[Postmortem]):
    incident = serializers.IntegerField(source="incident_id")
    title = serializers.CharField(source="incident.title")
    severity = serializers.CharField(source="incident.severity")
    owner = serializers.CharField(source="owner.username", default=None)
    author = serializers.CharField(source="author.username", default=None)
    summary = serializers.CharField(help_text="in the language it is written in")
    whys = WhySerializer(many=True, help_text="what led to what: `parent` is what it led to")
    actions = ActionItemSerializer(many=True)
    missing = serializers.SerializerMethodField(help_text="what is asked for and not answered yet")
    pdf = serializers.SerializerMethodField(help_text="with the same token")

    class Meta:
        model = Postmortem
        fields = [
            "incident", "title", "severity", "version", "state", "owner", "summary", *TEXTS, "whys",
            "actions", "missing", "author", "created_at", "updated_at", "pdf",
        ]  # fmt: skip
        read_only_fields = fields

    def get_missing(self, postmortem: Postmortem) -> list[str]:
        return [str(each) for each in missing(postmortem)]

    def get_pdf(self, postmortem: Postmortem) -> str:
        return f"{settings.BASE_URL}/incidents/{postmortem.incident_id}/postmortem.pdf"


class ArchiveSerializer(serializers.Serializer[Any]):
    """What is looked for among all there are, as in the portal."""

    q = serializers.CharField(
        max_length=200, default="", help_text="in the incident and in all that people wrote of it"
    )
    quarter = serializers.RegexField(
        r"^(19|20)\d\d-Q[1-4]\Z", default="", help_text="in which it was noticed: 2026-Q3"
    )
    service = serializers.SlugField(max_length=100, default="", help_text="slug")
    severity = serializers.ChoiceField(choices=list(Severity), default="")
    state = serializers.ChoiceField(choices=State.choices, default="")


class DraftSerializer(serializers.Serializer[Any]):
    incident = serializers.PrimaryKeyRelatedField(queryset=Incident.objects.all())


class RevisionSerializer(serializers.ModelSerializer[Postmortem]):
    """What is left out stays as it is."""

    version = serializers.IntegerField(
        min_value=0,
        max_value=2**31 - 1,
        help_text="the one you have read: where another changed the same (409)",
    )
    owner = serializers.SlugRelatedField(
        slug_field="username", queryset=PEOPLE, required=False, allow_null=True
    )
    actions = ActionItemSerializer(
        many=True, required=False, help_text="all of them: who is not named is removed"
    )

    class Meta:
        model = Postmortem
        fields = ["version", "state", "owner", *TEXTS, "actions"]
        extra_kwargs: ClassVar = {name: {"required": False} for name in (*TEXTS, "state")}


class PostmortemViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Postmortem]
):
    serializer_class = PostmortemSerializer
    queryset = Postmortem.objects.select_related("incident", "author", "owner").prefetch_related(
        "actions__person", "actions__team", "whys__by", "whys__evidence"
    )
    lookup_field = "incident"
    lookup_value_converter = "int"
    needs: ClassVar = {"create": Action.REVIEW, "partial_update": Action.REVIEW}

    @extend_schema(parameters=[ArchiveSerializer])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The archive, the newest first; each with the address of its PDF."""
        return super().list(request, *args, **kwargs)

    def filter_queryset(self, queryset: Any) -> Any:
        if self.action != "list":
            return queryset
        asked = ArchiveSerializer(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        return Filters.read(asked.validated_data).apply(queryset)

    @once
    @extend_schema(request=DraftSerializer, responses={201: PostmortemSerializer})
    def create(self, request: Request) -> Response:
        """Of a resolved incident; facts filled in, judgement left open. There is one per incident."""
        said = DraftSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        made = services.draft(said.validated_data["incident"], by=person(request), at=clock.now())
        return Response(PostmortemSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=RevisionSerializer, responses={200: PostmortemSerializer})
    def partial_update(self, request: Request, incident: int) -> Response:
        """A new version. `state: published` freezes it and ends the incident's channel, as in the portal."""
        said = RevisionSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        fields, postmortem = dict(said.validated_data), self.get_object()
        seen, state = fields.pop("version"), fields.pop("state", None)
        actions = fields.pop("actions", None)
        by, at = person(request), clock.now()
        with transaction.atomic():
            was = postmortem.version
            if fields:
                services.revise(postmortem, fields, seen=seen, by=by, at=at)
            if actions is not None:
                services.set_actions(postmortem, actions, by=by, at=at)
            if state is not None:
                # Whoever publishes together with a change has seen what they write themselves.
                known = postmortem.version if seen == was else seen
                services.move(postmortem, State(state), seen=known, by=by, at=at)
        return Response(PostmortemSerializer(self.get_object()).data)
