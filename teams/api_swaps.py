"""Turns that somebody asks to be relieved of, by the API."""

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from teams import services
from teams.api import person
from teams.api_once import once
from teams.api_standing_in import OverrideSerializer, SpanSerializer
from teams.domain.roles import Action
from teams.rotations import Swap, SwapQuerySet


class SwapSerializer(serializers.ModelSerializer[Swap]):
    rotation = serializers.CharField(source="rotation.slug", read_only=True)
    asked_by = serializers.CharField(source="asked_by.username", read_only=True)
    taken_by = serializers.CharField(source="override.user.username", default=None, read_only=True)

    class Meta:
        model = Swap
        fields = [
            "id", "rotation", "asked_by", "starts_at", "ends_at", "reason", "asked_at",
            "closed_at", "taken_by",
        ]  # fmt: skip
        read_only_fields = fields


class SwapViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Swap]):
    """Turns that are asked to be taken over."""

    serializer_class = SwapSerializer
    queryset = Swap.objects.select_related("rotation", "asked_by", "override__user")
    lookup_value_converter = "int"
    needs = dict.fromkeys(("create", "take", "withdraw"), Action.RESPOND)

    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Those that still wait, the next first."""
        return super().list(request, *args, **kwargs)

    def filter_queryset(self, queryset: SwapQuerySet) -> SwapQuerySet:  # type: ignore[override]
        return queryset.waiting(clock.now()) if self.action == "list" else queryset

    @once
    @extend_schema(request=SpanSerializer, responses={201: SwapSerializer})
    def create(self, request: Request) -> Response:
        """Ask the others to take a turn over; until somebody does, it stays one's own."""
        form = SpanSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        made = services.ask_swap(by=person(request), at=clock.now(), **form.validated_data)
        return Response(SwapSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=OverrideSerializer)
    @action(detail=True, methods=["post"])
    def take(self, request: Request, pk: int) -> Response:
        """The first who takes it stands in, which is the answer."""
        made = services.take_swap(self.get_object(), by=person(request), at=clock.now())
        return Response(OverrideSerializer(made).data)

    @extend_schema(request=None, responses=SwapSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: int) -> Response:
        services.withdraw_swap(self.get_object(), by=person(request), at=clock.now())
        return Response(SwapSerializer(self.get_object()).data)
