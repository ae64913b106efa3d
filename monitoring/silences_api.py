from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from core.moments import MomentValue
from monitoring import queries, services
from monitoring.api import AlertSerializer
from monitoring.domain.matching import BadMatcher, Matcher, choosy
from monitoring.models import Silence
from monitoring.quiet_api import QUIET, QuietSerializer, QuietViewSet
from teams.api import person
from teams.api_once import once
from teams.domain.roles import Action


class MatcherSerializer(serializers.Serializer[Matcher]):
    """With Alertmanager's meaning: a label that is not there is an empty one."""

    name = serializers.CharField(max_length=1000)
    value = serializers.CharField(max_length=4000, allow_blank=True, trim_whitespace=False)
    is_regex = serializers.BooleanField(required=False, default=False)
    is_equal = serializers.BooleanField(required=False, default=True)


class MatchersSerializer(serializers.Serializer[Any]):
    matchers = MatcherSerializer(many=True, help_text="all of them must fit")

    def validate_matchers(self, said: list[dict[str, Any]]) -> list[Matcher]:
        try:
            return list(choosy([Matcher(**each) for each in said]))
        except BadMatcher as bad:
            reason = _now(bad.reason)
            raise serializers.ValidationError(
                f"{bad.part}: {reason}" if bad.part else reason
            ) from bad


class NewSilenceSerializer(MatchersSerializer):
    starts_at = MomentValue(required=False, help_text="now, where nothing is said")
    ends_at = MomentValue()
    comment = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)


class SilenceSerializer(QuietSerializer):
    matchers = MatcherSerializer(source="parsed", many=True, read_only=True)
    integration = serializers.CharField(
        source="integration.name", default=None, read_only=True, help_text="null: of any sender"
    )

    class Meta:
        model = Silence
        fields = ["id", "matchers", "integration", "comment", *QUIET]
        read_only_fields = fields


class PreviewedSerializer(serializers.Serializer[queries.Preview]):
    count = serializers.IntegerField(help_text="alerts that would be quiet")
    of = serializers.IntegerField(help_text="alerts that fire")
    everything = serializers.BooleanField(source="is_everything")
    some = AlertSerializer(many=True, help_text="a few of them, the gravest first")


class SilenceViewSet(QuietViewSet):
    """Alerts with these labels call nobody until it ends; they are stored and shown all the same."""

    serializer_class = SilenceSerializer
    queryset = Silence.objects.select_related("integration")
    lookup_value_converter = "uuid"
    needs = dict.fromkeys(("create", "preview", "end", "restore"), Action.RESPOND)
    over = _("This silence was over already.")
    passed = _("Its time has passed: make a new one.")

    @once
    @extend_schema(request=NewSilenceSerializer, responses={201: SilenceSerializer})
    def create(self, request: Request) -> Response:
        form = NewSilenceSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        by, at = person(request), clock.now()
        said = {"starts_at": at} | form.validated_data
        made = services.silence(said.pop("matchers"), created_by=by.name, by=by, at=at, **said)
        return Response(self._shown(made), status=status.HTTP_201_CREATED)

    @extend_schema(request=MatchersSerializer, responses=PreviewedSerializer)
    @action(detail=False, methods=["post"], pagination_class=None)
    def preview(self, request: Request) -> Response:
        """What these matchers would be quiet about, of the alerts that fire now. Nothing is kept."""
        form = MatchersSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        found = queries.preview(form.validated_data["matchers"], at=clock.now())
        return Response(PreviewedSerializer(found).data)
