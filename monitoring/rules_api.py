"""Rules over the API: read, written, and asked about the past before they are kept."""

from datetime import UTC, datetime
from math import isfinite
from typing import Any, ClassVar

from django.core.exceptions import ValidationError as Invalid
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from monitoring import services
from monitoring.checks_api import SecondsField
from monitoring.domain.rules import Firing
from monitoring.models import Rule, RuleKind, RuleState
from monitoring.previewing import Looked, Preview, preview
from monitoring.services.together import asks_for_itself, members
from teams.api_once import once
from teams.domain.roles import Action
from teams.models import Service


class StateSerializer(serializers.ModelSerializer[RuleState]):
    metric = serializers.IntegerField(source="metric_id", allow_null=True, read_only=True)

    class Meta:
        model = RuleState
        fields = ["metric", "state", "since", "value", "fired_at"]


class RuleSerializer(serializers.ModelSerializer[Rule]):
    kind = serializers.ChoiceField(choices=RuleKind.choices)
    params = serializers.DictField(help_text="by kind; lengths of time in seconds")
    lasts = SecondsField(required=False)
    clears = SecondsField(required=False)
    service = serializers.SlugRelatedField(
        slug_field="slug", queryset=Service.objects.all(), required=False, allow_null=True
    )
    built_in = serializers.CharField(read_only=True)
    edited = serializers.BooleanField(read_only=True)
    states = StateSerializer(many=True, read_only=True, help_text="of targets that are not well")

    class Meta:
        model = Rule
        fields = [
            "id", "name_ko", "name_en", "kind", "metric", "matchers", "params", "lasts", "clears",
            "severity", "service", "title_ko", "title_en", "message_ko", "message_en",
            "runbook_url", "enabled", "built_in", "edited", "judged_at", "targets", "states",
        ]  # fmt: skip
        read_only_fields = ["judged_at", "targets"]

    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        old = self.instance if isinstance(self.instance, Rule) else None
        rule = changed(old, said)
        faults: dict[str, Any] = {}
        try:
            rule.clean_fields(exclude={"service"})
            if asks_for_itself(rule, members(rule)):
                faults = {"params": "It would ask for itself."}
        except Invalid as error:
            faults = error.message_dict
        if not rule.metric and rule.kind != RuleKind.COMPOSITE:
            faults["metric"] = "Say which."
        if faults:
            raise serializers.ValidationError(faults)
        return said


def changed(old: Rule | None, said: dict[str, Any]) -> Rule:
    names = [field.attname for field in Rule._meta.fields]
    known = {name: getattr(old, name) for name in names} if old else {}
    rule = Rule(**known)
    for name, value in said.items():
        setattr(rule, name, value)
    return rule


class FiringSerializer(serializers.Serializer[Any]):
    fired_at = serializers.SerializerMethodField()
    ended_at = serializers.SerializerMethodField()
    value = serializers.SerializerMethodField("number")

    def number(self, one: Firing) -> float | None:
        return one.value if isfinite(one.value) else None

    def get_fired_at(self, one: Firing) -> datetime:
        return datetime.fromtimestamp(one.fired_at, UTC)

    def get_ended_at(self, one: Firing) -> datetime | None:
        return None if one.ended_at is None else datetime.fromtimestamp(one.ended_at, UTC)


class LookedSerializer(serializers.Serializer[Any]):
    metric = serializers.SerializerMethodField()
    name = serializers.SerializerMethodField()
    firings = FiringSerializer(many=True)

    def get_metric(self, one: Looked) -> int | None:
        return one.case.key[1]

    def get_name(self, one: Looked) -> str:
        return str(one.case.metric or "")


class PreviewSerializer(serializers.Serializer[Any]):
    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    count = serializers.IntegerField(help_text="how often it would have fired")
    of = serializers.IntegerField(help_text="metrics that fit")
    coarse = serializers.BooleanField(help_text="judged by five minutes: short peaks may be missed")
    shown = LookedSerializer(many=True, help_text="the metrics that were looked at")


class RuleViewSet(viewsets.ModelViewSet[Rule]):
    """Rules on what is measured; a preview says when one would have fired in the last seven days."""

    serializer_class = RuleSerializer
    queryset = Rule.objects.select_related("service").prefetch_related("states")
    http_method_names = ("get", "post", "patch", "delete", "head", "options")
    needs: ClassVar = dict.fromkeys(
        ("create", "partial_update", "destroy", "try_out"), Action.COMMAND
    )

    @extend_schema(parameters=[OpenApiParameter("metric", str, description="only those about it")])
    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        if metric := request.query_params.get("metric"):
            self.queryset = self.queryset.filter(metric=metric)
        return super().list(request, *args, **kwargs)

    @once
    def create(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().create(request, *args, **kwargs)

    def perform_create(self, serializer: serializers.BaseSerializer[Rule]) -> None:
        rule = changed(None, serializer.validated_data)
        serializer.instance = services.keep_rule(rule, at=clock.now())

    def perform_update(self, serializer: serializers.BaseSerializer[Rule]) -> None:
        rule = changed(self.get_object(), serializer.validated_data)
        rule._state.adding = False
        serializer.instance = services.keep_rule(rule, at=clock.now())

    def perform_destroy(self, instance: Rule) -> None:
        services.remove_rules([instance.pk], at=clock.now())

    @extend_schema(responses=PreviewSerializer, request=None)
    @action(detail=True, pagination_class=None)
    def preview(self, request: Request, pk: str) -> Response:
        """When this rule would have fired in the last seven days."""
        return self._previewed(self.get_object())

    @extend_schema(responses=PreviewSerializer)
    @action(detail=False, methods=["post"], url_path="preview", pagination_class=None)
    def try_out(self, request: Request) -> Response:
        """When a rule that is not kept would have fired in the last seven days."""
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return self._previewed(changed(None, asked.validated_data))

    def _previewed(self, rule: Rule) -> Response:
        found: Preview = preview(rule, at=clock.now())
        return Response(PreviewSerializer(found).data)
