"""Postmortems by the API: drafted from a resolved incident, read, revised."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from incidents.models import Incident
from postmortems import services
from postmortems.forms import WHYS
from postmortems.models import ActionItem, Postmortem
from postmortems.questions import missing
from teams.api import person
from teams.api_once import once
from teams.domain.roles import Action


class ActionItemSerializer(serializers.ModelSerializer[ActionItem]):
    id = serializers.IntegerField(required=False, help_text="none for a new one")
    status = serializers.ChoiceField(
        choices=ActionItem.Progress.choices, default=ActionItem.Progress.OPEN
    )

    class Meta:
        model = ActionItem
        fields = ["id", "kind", "description", "owner", "due_date", "priority", "status"]


TEXTS = [
    "language", "state", "summary", "users_affected", "withdrawals_delayed", "revenue_impact", "whys",
    "contributing_factors", "lessons",
]  # fmt: skip


class PostmortemSerializer(serializers.ModelSerializer[Postmortem]):
    incident = serializers.IntegerField(source="incident_id")
    title = serializers.CharField(source="incident.title")
    severity = serializers.CharField(source="incident.severity")
    author = serializers.CharField(source="author.username", default=None)
    whys = serializers.ListField(child=serializers.CharField())
    actions = ActionItemSerializer(many=True)
    missing = serializers.SerializerMethodField(help_text="what is asked for and not answered yet")
    pdf = serializers.SerializerMethodField(help_text="with the same token")

    class Meta:
        model = Postmortem
        fields = [
            "incident", "title", "severity", "version", *TEXTS, "actions", "missing", "author",
            "created_at", "updated_at", "pdf",
        ]  # fmt: skip
        read_only_fields = fields

    def get_missing(self, postmortem: Postmortem) -> list[str]:
        return [str(each) for each in missing(postmortem)]

    def get_pdf(self, postmortem: Postmortem) -> str:
        return f"{settings.BASE_URL}/incidents/{postmortem.incident_id}/postmortem.pdf"


class DraftSerializer(serializers.Serializer[Any]):
    incident = serializers.PrimaryKeyRelatedField(queryset=Incident.objects.all())


class RevisionSerializer(serializers.ModelSerializer[Postmortem]):
    """What is left out stays as it is."""

    version = serializers.IntegerField(help_text="the one you have read; another is refused (409)")
    whys = serializers.ListField(
        child=serializers.CharField(max_length=500, allow_blank=True), max_length=WHYS,
        required=False,
    )  # fmt: skip
    actions = ActionItemSerializer(
        many=True, required=False, help_text="all of them: who is not named is removed"
    )

    class Meta:
        model = Postmortem
        fields = ["version", *TEXTS, "actions"]
        extra_kwargs: ClassVar = {name: {"required": False} for name in TEXTS}


class PostmortemViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Postmortem]
):
    serializer_class = PostmortemSerializer
    queryset = Postmortem.objects.select_related("incident", "author").prefetch_related("actions")
    lookup_field = "incident"
    lookup_value_converter = "int"
    needs: ClassVar = {"create": Action.REVIEW, "partial_update": Action.REVIEW}

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
        """A new version. `state: published` ends the incident's channel, as in the portal."""
        said = RevisionSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        fields, postmortem = dict(said.validated_data), self.get_object()
        postmortem.version = fields.pop("version")
        actions = fields.pop("actions", None)
        if "whys" in fields:
            fields["whys"] = [*fields["whys"], *[""] * WHYS][:WHYS]
        with transaction.atomic():
            services.revise(postmortem, fields, at=clock.now())
            if actions is not None:
                services.set_actions(postmortem, actions)
        return Response(PostmortemSerializer(self.get_object()).data)
