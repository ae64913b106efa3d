"""Incidents and their timeline as the API reads and writes them."""

from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from core.moments import MomentValue
from core.severity import CHOICES
from incidents.domain.likeness import Likeness
from incidents.models import Event, Incident
from incidents.narration import narrate
from teams.models import Service


class IncidentSerializer(serializers.ModelSerializer[Incident]):
    services: Any = serializers.SlugRelatedField(slug_field="slug", many=True, read_only=True)
    routed_to = serializers.CharField(
        source="routed_to.slug", default=None, read_only=True,
        help_text="the team that a route named",
    )  # fmt: skip
    severity = serializers.ChoiceField(choices=CHOICES, read_only=True)
    acknowledged_by = serializers.CharField(
        source="acknowledged_by.name", default=None, read_only=True
    )
    commander = serializers.CharField(source="commander.name", default=None, read_only=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = Incident
        fields = [
            "number", "title", "description", "severity", "status", "services", "routed_to",
            "started_at", "detected_at", "acknowledged_at", "mitigated_at", "resolved_at",
            "respond_by", "resolve_by", "acknowledged_by", "commander", "resolution_proposed_at",
            "merged_into", "drill", "customer_impact", "page_round", "url",
        ]  # fmt: skip
        read_only_fields = fields

    def get_url(self, incident: Incident) -> str:
        request: Request = self.context["request"]
        return request.build_absolute_uri(incident.get_absolute_url())


class LikenessSerializer(serializers.Serializer[Likeness]):
    title = serializers.FloatField(help_text="how near the titles are, 0 to 1")
    same_group = serializers.BooleanField(help_text="the same alerts")
    same_service = serializers.BooleanField()
    words = serializers.ListField(
        child=serializers.CharField(), help_text="that both have, the rarest first"
    )


class SimilarSerializer(IncidentSerializer):
    why = serializers.SerializerMethodField()

    class Meta(IncidentSerializer.Meta):
        fields = [*IncidentSerializer.Meta.fields, "why"]
        read_only_fields = fields

    @extend_schema_field(LikenessSerializer)
    def get_why(self, incident: Incident) -> Any:
        return LikenessSerializer(self.context["why"][incident.pk]).data


class NewIncidentSerializer(serializers.Serializer[Incident]):
    title = serializers.CharField(max_length=1024)
    description = serializers.CharField(max_length=10_000, required=False, allow_blank=True)
    severity = serializers.ChoiceField(choices=CHOICES)
    drill = serializers.BooleanField(required=False, default=False)
    customer_impact = serializers.BooleanField(
        source="felt",
        required=False,
        default=False,
        help_text="customers feel it; also assumed where an affected service faces customers",
    )
    services = serializers.SlugRelatedField(
        slug_field="slug", many=True, required=False, queryset=Service.objects.all()
    )


class CorrectionSerializer(serializers.Serializer[Incident]):
    title = serializers.CharField(max_length=1024, required=False)
    description = serializers.CharField(max_length=10_000, required=False, allow_blank=True)
    started_at = MomentValue(
        required=False,
        allow_null=True,
        help_text="when it began to trouble, not when it was noticed",
    )
    services = serializers.SlugRelatedField(
        slug_field="slug", many=True, required=False, queryset=Service.objects.all(),
        help_text="all that are affected; owners of those that are new are paged",
    )  # fmt: skip


class NoteSerializer(serializers.Serializer[Event]):
    text = serializers.CharField(max_length=10_000)
    happened_at = MomentValue(
        required=False, default=None, allow_null=True, help_text="when it was not just now"
    )


class DeclineSerializer(serializers.Serializer[Incident]):
    words = serializers.CharField(
        max_length=300, required=False, default="", allow_blank=True, help_text="why"
    )


class SeveritySerializer(serializers.Serializer[Incident]):
    severity = serializers.ChoiceField(choices=CHOICES)
    reason = serializers.CharField(max_length=1024, required=False, default="", allow_blank=True)


class ImpactSerializer(serializers.Serializer[Incident]):
    customer_impact = serializers.BooleanField(help_text="customers feel it")


class MergeSerializer(serializers.Serializer[Incident]):
    into = serializers.PrimaryKeyRelatedField(queryset=Incident.objects.all())


class MoveSerializer(serializers.Serializer[Incident]):
    to = serializers.PrimaryKeyRelatedField(queryset=Incident.objects.all(), allow_null=True)


class EventSerializer(serializers.ModelSerializer[Event]):
    incident = serializers.IntegerField(source="incident_id", read_only=True)
    text = serializers.SerializerMethodField()
    data: Any = serializers.DictField(read_only=True)
    pinned = serializers.SerializerMethodField(help_text="whether it is a key moment")

    class Meta:
        model = Event
        fields = ["incident", "seq", "at", "kind", "actor", "text", "data", "hash", "pinned"]
        read_only_fields = fields

    def get_pinned(self, event: Event) -> bool:
        return (event.incident_id, event.seq) in self.context.get("pinned", ())

    def get_text(self, event: Event) -> str:
        return narrate(event)


class SpanSerializer(serializers.Serializer[Incident]):
    detected_after = MomentValue(required=False)
    detected_before = MomentValue(required=False)


def span(asked: Any) -> dict[str, datetime]:
    """What a query string says of when, as a filter."""
    form = SpanSerializer(data=asked)
    form.is_valid(raise_exception=True)
    names = {"detected_after": "detected_at__gt", "detected_before": "detected_at__lt"}
    return {names[name]: at for name, at in form.validated_data.items()}
