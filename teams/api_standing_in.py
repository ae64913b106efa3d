"""Standing in, by the API: who is on call instead of whoever is in turn."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from core.moments import MomentValue
from teams import services
from teams.api import person
from teams.api_once import once
from teams.domain.roles import Action
from teams.models import User
from teams.rotations import Override, OverrideQuerySet, Rotation


class OverrideSerializer(serializers.ModelSerializer[Override]):
    rotation = serializers.CharField(source="rotation.slug", read_only=True)
    username = serializers.CharField(source="user.username", read_only=True)
    name = serializers.CharField(source="user.name", read_only=True)
    made_by = serializers.CharField(source="made_by.username", default=None, read_only=True)

    class Meta:
        model = Override
        fields = [
            "id", "rotation", "username", "name", "starts_at", "ends_at", "reason", "made_at",
            "made_by",
        ]  # fmt: skip
        read_only_fields = fields


class SpanSerializer(serializers.Serializer[Any]):
    rotation: Any = serializers.SlugRelatedField(slug_field="slug", queryset=Rotation.objects.all())
    starts_at = MomentValue()
    ends_at = MomentValue()
    reason = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class NewOverrideSerializer(SpanSerializer):
    username: Any = serializers.SlugRelatedField(
        slug_field="username", required=False, queryset=User.objects.responders(),
        help_text="whoever asks, where nobody is named",
    )  # fmt: skip


class OverrideViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Override]
):
    """Who stands in now and later."""

    serializer_class = OverrideSerializer
    queryset = Override.objects.select_related("rotation", "user", "made_by")
    lookup_value_converter = "int"
    needs = {"create": Action.RESPOND, "end": Action.RESPOND}

    @extend_schema(parameters=[OpenApiParameter("rotation", str, description="its slug")])
    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Those that are not over, the next first."""
        return super().list(request, *args, **kwargs)

    def filter_queryset(self, queryset: OverrideQuerySet) -> OverrideQuerySet:  # type: ignore[override]
        if self.action != "list":
            return queryset
        if rotation := self.request.query_params.get("rotation"):
            queryset = queryset.filter(rotation__slug=rotation)
        return queryset.to_come(clock.now())

    @once
    @extend_schema(request=NewOverrideSerializer, responses={201: OverrideSerializer})
    def create(self, request: Request) -> Response:
        """Put yourself on call or, as a commander, anybody. Said twice, it is one."""
        form = NewOverrideSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        said, by = form.validated_data, person(request)
        who = said.pop("username", by)
        made = services.stand_in(person=who, by=by, at=clock.now(), **said)
        return Response(OverrideSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: int) -> Response:
        """Take it back: one to come vanishes, one under way ends now."""
        services.end_override(self.get_object(), by=person(request), at=clock.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
