from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from incidents import services
from incidents.domain.roles import Role
from incidents.models import Incident, RoleHeld, RoleHeldQuerySet, RoleName
from teams.api import person
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


class RoleViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[RoleHeld]):
    """Who has and had which role of an incident."""

    serializer_class = RoleHeldSerializer
    queryset = RoleHeld.objects.select_related("user")
    needs = {"create": Action.RESPOND}

    def get_queryset(self) -> RoleHeldQuerySet:
        found: RoleHeldQuerySet = super().get_queryset()  # type: ignore[assignment]
        return found.filter(incident=self.kwargs.get("number"))

    @extend_schema(request=GivenRoleSerializer, responses={200: RoleHeldSerializer(many=True)})
    def create(self, request: Request, number: int) -> Response:
        """Take a role, or give it to somebody; the answer says who has which now."""
        form = GivenRoleSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        incident = get_object_or_404(Incident, pk=number)
        by = person(request)
        role, to = Role(form.validated_data["role"]), form.validated_data.get("username", by)
        services.give_role(incident, role, to=to, by=by, at=clock.now())
        return Response(RoleHeldSerializer(self.get_queryset().now(), many=True).data)
