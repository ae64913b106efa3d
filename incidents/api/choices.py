"""What there is to choose from: severities with what follows from them, groups, templates."""

from rest_framework import serializers, viewsets
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from core.severity import CHOICES
from incidents.models import MessageTemplate, SeverityPolicy
from incidents.screens.messages import group_sizes
from monitoring.checks_api import SecondsField
from teams.stakeholders import Kind, StakeholderGroup


class PolicySerializer(serializers.ModelSerializer[SeverityPolicy]):
    severity = serializers.ChoiceField(choices=CHOICES, read_only=True)
    respond_within = SecondsField(read_only=True)
    resolve_within = SecondsField(read_only=True)
    channels = serializers.ListField(child=serializers.CharField(), read_only=True)
    required_roles = serializers.ListField(child=serializers.CharField(), read_only=True)
    team = serializers.CharField(source="team.slug", default=None, read_only=True)

    class Meta:
        model = SeverityPolicy
        fields = [
            "severity", "name_ko", "name_en", "meaning_ko", "meaning_en", "respond_within",
            "resolve_within", "warn_at", "channels", "required_roles", "team", "assembles",
        ]  # fmt: skip
        read_only_fields = fields


class PolicyViewSet(ListModelMixin, RetrieveModelMixin, viewsets.GenericViewSet[SeverityPolicy]):
    """What follows from each severity. Kept in the console."""

    serializer_class = PolicySerializer
    queryset = SeverityPolicy.objects.select_related("team").order_by("severity")
    lookup_field = "severity"


class GroupSerializer(serializers.ModelSerializer[StakeholderGroup]):
    kind = serializers.ChoiceField(choices=Kind.choices, read_only=True)
    reaches = serializers.SerializerMethodField(help_text="people and addresses")

    class Meta:
        model = StakeholderGroup
        fields = ["slug", "name_ko", "name_en", "kind", "reaches"]
        read_only_fields = fields

    def get_reaches(self, row: StakeholderGroup) -> int:
        sizes: dict[int, int] = self.context["sizes"]
        return sizes[row.pk]


class GroupViewSet(viewsets.GenericViewSet[StakeholderGroup]):
    """Who can be told of an incident without working on it."""

    serializer_class = GroupSerializer
    queryset = StakeholderGroup.objects.all()

    def list(self, request: Request) -> Response:
        rows = self.paginate_queryset(self.get_queryset()) or []
        sizes = group_sizes([row.pk for row in rows])
        told = GroupSerializer(rows, many=True, context={"sizes": sizes})
        return self.get_paginated_response(told.data)


class TemplateSerializer(serializers.ModelSerializer[MessageTemplate]):
    class Meta:
        model = MessageTemplate
        fields = ["slug", "name_ko", "name_en"]
        read_only_fields = fields


class TemplateViewSet(ListModelMixin, viewsets.GenericViewSet[MessageTemplate]):
    """What a message to stakeholders can begin with."""

    serializer_class = TemplateSerializer
    queryset = MessageTemplate.objects.all()
