from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from incidents import services
from incidents.api.nested import OfIncident
from incidents.domain.roles import Role
from incidents.models import RoleHeld, RoleHeldQuerySet, RoleName
from teams.api import person
from teams.api_once import once
from teams.domain.roles import Action
from teams.models import User


class RoleHeldSerializer(serializers.ModelSerializer[RoleHeld]):
    username = serializers.CharField(source="user.username", read_only=True)
    name = serializers.CharField(source="user.name", read_only=True)

    class Meta:
        model = RoleHeld
        fields = ["role", "username", "name", "since", "until"]
        read_only_fields = fields


class GivenRoleSerializer(serializers.Serializer[RoleHeld]):
    role = serializers.ChoiceField(choices=RoleName.choices)
    username: Any = serializers.SlugRelatedField(
        slug_field="username", required=False, queryset=User.objects.responders(),
        help_text="whoever asks, where nobody is named",
    )  # fmt: skip
    seen: Any = serializers.SlugRelatedField(
        slug_field="username", many=True, required=False, queryset=User.objects.all(),
        help_text="who had it when you looked: whoever took it meanwhile is not relieved unawares",
    )  # fmt: skip


class RoleViewSet(OfIncident, mixins.ListModelMixin, viewsets.GenericViewSet[RoleHeld]):
    """Who has and had which role of an incident."""

    serializer_class = RoleHeldSerializer
    queryset = RoleHeld.objects.select_related("user")
    lookup_url_kwarg = "role"
    needs = {"create": Action.RESPOND, "destroy": Action.RESPOND}

    def get_queryset(self) -> RoleHeldQuerySet:
        found: RoleHeldQuerySet = super().get_queryset()  # type: ignore[assignment]
        return found.filter(incident=self.kwargs.get("number"))

    @once
    @extend_schema(request=GivenRoleSerializer, responses={200: RoleHeldSerializer(many=True)})
    def create(self, request: Request, number: int) -> Response:
        """Take a role, or give it to somebody; the answer says who has which now."""
        form = GivenRoleSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        said, by = form.validated_data, person(request)
        seen = [user.pk for user in said["seen"]] if "seen" in said else None
        services.give_role(
            self.incident, Role(said["role"]), to=said.get("username", by), by=by,
            at=clock.now(), seen=seen,
        )  # fmt: skip
        return Response(RoleHeldSerializer(self.get_queryset().now(), many=True).data)

    @extend_schema(
        parameters=[OpenApiParameter("role", str, OpenApiParameter.PATH, enum=RoleName.values)],
        responses={204: None},
    )
    def destroy(self, request: Request, number: int, role: str) -> Response:
        """Leave a role of your own."""
        if role not in RoleName.values:
            raise Http404
        services.leave_role(self.incident, Role(role), by=person(request), at=clock.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
