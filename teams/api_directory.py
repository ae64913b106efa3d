"""Whom and what other doors name: people by username, services by slug."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from teams.domain.roles import Role
from teams.models import Service, User


class PersonSerializer(serializers.ModelSerializer[User]):
    name = serializers.CharField(read_only=True)
    role = serializers.ChoiceField(choices=[role.value for role in Role], read_only=True)

    class Meta:
        model = User
        fields = ["username", "name", "role"]
        read_only_fields = fields


class PersonViewSet(ListModelMixin, viewsets.GenericViewSet[User]):
    """Whoever may respond: who can be on call, have a role or do a task."""

    serializer_class = PersonSerializer
    queryset = User.objects.responders()


class ServiceSerializer(serializers.ModelSerializer[Service]):
    owner = serializers.CharField(source="owner.slug", default=None, read_only=True)
    depends_on: Any = serializers.SlugRelatedField(slug_field="slug", many=True, read_only=True)

    class Meta:
        model = Service
        fields = [
            "slug", "name_ko", "name_en", "owner", "customer_facing", "availability_target",
            "discovered", "depends_on",
        ]  # fmt: skip
        read_only_fields = fields


class ServiceViewSet(ListModelMixin, RetrieveModelMixin, viewsets.GenericViewSet[Service]):
    """What exists, who owns it and what it stands on. Kept in the console."""

    serializer_class = ServiceSerializer
    queryset = Service.objects.select_related("owner").prefetch_related("depends_on")
    lookup_field = "slug"

    @extend_schema(parameters=[OpenApiParameter("owner", str, description="slug of a team")])
    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().list(request, *args, **kwargs)

    def filter_queryset(self, queryset: Any) -> Any:
        owner = self.request.query_params.get("owner")
        return queryset.filter(owner__slug=owner) if owner else queryset
