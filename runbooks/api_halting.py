"""What holds actions back, by the API: the kill switch, and the limits of each kind."""

from typing import Any, Final

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from runbooks import queries, services
from runbooks.models import Halt, Limits, ModeName
from teams.api import person
from teams.api_once import once
from teams.domain.roles import Action as May

SUN: Final = "in sun: 1 TRX is 1,000,000"


class WhySerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300)


class HaltSerializer(serializers.ModelSerializer[Halt]):
    by = serializers.CharField(source="by.username", read_only=True)
    lifted_by = serializers.CharField(source="lifted_by.username", default=None, read_only=True)

    class Meta:
        model = Halt
        fields = ["id", "at", "by", "reason", "lifted_at", "lifted_by"]
        read_only_fields = fields


class HaltViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Halt]):
    """The kill switch: while one is not lifted, no action of any kind begins."""

    serializer_class = HaltSerializer
    queryset = Halt.objects.select_related("by", "lifted_by")
    needs = {"create": May.RESPOND, "lift": May.COMMAND}

    @once
    @extend_schema(request=WhySerializer, responses={201: HaltSerializer})
    def create(self, request: Request) -> Response:
        """From the answer on nothing begins; what has begun goes on. 409 when it is halted already."""
        form = WhySerializer(data=request.data)
        form.is_valid(raise_exception=True)
        made = services.halt(by=person(request), at=clock.now(), **form.validated_data)
        return Response(HaltSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={204: None})
    @action(detail=False, methods=["post"])
    def lift(self, request: Request) -> Response:
        """409 when nothing is halted."""
        services.lift(by=person(request), at=clock.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class LimitsSerializer(serializers.ModelSerializer[Limits]):
    kind_label = serializers.CharField(read_only=True, help_text="in the reader's language")
    mode = serializers.ChoiceField(choices=ModeName.choices, read_only=True)
    cooldown = serializers.DurationField(read_only=True)
    valid_for = serializers.DurationField(read_only=True)
    day_spent_sun = serializers.SerializerMethodField(help_text=f"of the last 24 hours, {SUN}")
    lifetime_spent_sun = serializers.SerializerMethodField(help_text=SUN)

    class Meta:
        model = Limits
        fields = [
            "kind", "kind_label", "mode", "action_cap_sun", "day_cap_sun", "lifetime_cap_sun", "day_spent_sun",
            "lifetime_spent_sun", "cooldown", "approval_above_sun", "second_above_sun", "valid_for",
        ]  # fmt: skip
        read_only_fields = fields

    def get_day_spent_sun(self, limits: Limits) -> int:
        found = self.context["spent"].get(limits.kind)
        return found.day if found else 0

    def get_lifetime_spent_sun(self, limits: Limits) -> int:
        found = self.context["spent"].get(limits.kind)
        return found.lifetime if found else 0


class LimitsViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Limits]):
    """What each kind of action may do, and has spent of it. Limits are set in the console."""

    serializer_class = LimitsSerializer
    queryset = Limits.objects.order_by("kind")

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "spent": queries.spent(at=clock.now())}
