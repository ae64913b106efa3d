"""Maintenance by the API: announced, moved, made longer, called off."""

from dataclasses import replace
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from core.moments import MomentValue
from statuspage import services
from statuspage.api import VERSION, NoticeSerializer, NoticeViewSet
from statuspage.domain.phases import Kind
from statuspage.models import Component
from teams.api import person
from teams.api_once import once
from teams.domain.roles import Action

WEEKS = 4 * 7 * 24 * 60


class WorkSerializer(serializers.Serializer[Any]):
    title_ko = serializers.CharField(max_length=200, default="", allow_blank=True)
    title_en = serializers.CharField(max_length=200, default="", allow_blank=True)
    body_ko = serializers.CharField(max_length=10_000, default="", allow_blank=True)
    body_en = serializers.CharField(max_length=10_000, default="", allow_blank=True)
    components: Any = serializers.SlugRelatedField(
        "public_id", queryset=Component.objects.all(), many=True, allow_empty=False
    )
    starts_at = MomentValue()
    ends_at = MomentValue()
    remind = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=WEEKS), max_length=10, default=list,
        help_text="minutes before it begins at which subscribers are reminded",
    )  # fmt: skip


class ReplanSerializer(WorkSerializer):
    """What is left out stays as it is; without words, what changed is said by itself."""

    version = serializers.CharField(max_length=40, help_text=VERSION)


class VersionSerializer(serializers.Serializer[Any]):
    version = serializers.CharField(max_length=40, help_text=VERSION)


class LongerSerializer(VersionSerializer):
    minutes = serializers.ChoiceField([(one, str(one)) for one in services.LONGER])


class MaintenanceViewSet(NoticeViewSet):
    """Whatever is announced begins and ends by itself; alerts of its services call nobody meanwhile."""

    needs: ClassVar = dict.fromkeys(
        ("create", "partial_update", "updates", "extend", "cancel"), Action.COMMAND
    )

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(kind=Kind.MAINTENANCE)

    @once
    @extend_schema(request=WorkSerializer, responses={201: NoticeSerializer})
    def create(self, request: Request) -> Response:
        """Customers read it at once."""
        said = WorkSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        work = services.Work(**said.validated_data)
        made = services.announce(work, by=person(request), at=clock.now())
        return self._shown(made.public_id, status.HTTP_201_CREATED)

    @extend_schema(request=ReplanSerializer, responses={200: NoticeSerializer})
    def partial_update(self, request: Request, public_id: str) -> Response:
        """At another time, of other components, under another title."""
        said = ReplanSerializer(data=request.data, partial=True)
        said.is_valid(raise_exception=True)
        notice, changed = self.get_object(), dict(said.validated_data)
        if "version" not in changed:
            raise serializers.ValidationError({"version": [VERSION]})
        seen = changed.pop("version")
        work = replace(services.plan_of(notice), **changed)
        services.replan(notice, work, seen=seen, by=person(request), at=clock.now())
        return self._shown(public_id)

    @extend_schema(request=LongerSerializer, responses={200: NoticeSerializer})
    @action(detail=True, methods=["post"])
    def extend(self, request: Request, public_id: str) -> Response:
        """What is under way takes longer than announced."""
        said = LongerSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        minutes, seen = said.validated_data["minutes"], said.validated_data["version"]
        services.extend(self.get_object(), minutes, seen=seen, by=person(request), at=clock.now())
        return self._shown(public_id)

    @extend_schema(request=VersionSerializer, responses={200: NoticeSerializer})
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, public_id: str) -> Response:
        """It does not begin. 409 once it has."""
        said = VersionSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        seen = said.validated_data["version"]
        services.cancel(self.get_object(), seen=seen, by=person(request), at=clock.now())
        return self._shown(public_id)
