"""Every figure by the API, each with of how many it is and between what it may as well be."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core import clock
from postmortems.figures.whole import Whole, last
from teams.models import Service

LONGEST: Final = 366
USUAL: Final = 30


class AskedSerializer(serializers.Serializer[Any]):
    days = serializers.IntegerField(min_value=1, max_value=LONGEST, default=USUAL)
    service: Any = serializers.SlugRelatedField(
        slug_field="slug", queryset=Service.objects.all(), default=None,
        error_messages={"does_not_exist": "There is no service {value}."},
    )  # fmt: skip


class FigureSerializer(serializers.Serializer[Any]):
    value = serializers.FloatField(allow_null=True, help_text="null: not enough data")
    unit = serializers.CharField(help_text="s, %, x, %/30d, incidents, pages, nights")
    n = serializers.IntegerField(help_text="of how many; of availability, of how many seconds")
    low = serializers.FloatField(allow_null=True, help_text="95 % interval; null: not bounded")
    high = serializers.FloatField(allow_null=True)


class TimingSerializer(serializers.Serializer[Any]):
    mean = FigureSerializer()
    median = FigureSerializer()
    p95 = FigureSerializer()
    trend = FigureSerializer(help_text="growth in thirty days")
    contradicting = serializers.IntegerField(help_text="left out: their moments cannot be true")


class TimingsSerializer(serializers.Serializer[Any]):
    detect = TimingSerializer(help_text="it began → it was noticed")
    acknowledge = TimingSerializer()
    mitigate = TimingSerializer()
    resolve = TimingSerializer()


class ServiceKeptSerializer(serializers.Serializer[Any]):
    service = serializers.CharField(source="service.slug")
    target = serializers.FloatField(source="service.availability_target", help_text="%")
    availability = FigureSerializer(source="kept.availability")
    down = FigureSerializer(source="kept.down")
    budget = FigureSerializer(source="kept.budget", help_text="what is left of the error budget")
    burn = FigureSerializer(source="kept.burn", help_text="times as fast as the budget allows")


class PartSerializer(serializers.Serializer[Any]):
    key = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)
    incidents = FigureSerializer()


class PartsSerializer(serializers.Serializer[Any]):
    severity = PartSerializer(many=True)
    cause = PartSerializer(
        many=True,
        help_text="root-cause: and the kind that people found; else the alerts that open it; the ten most frequent",
    )
    service = PartSerializer(many=True)
    team = PartSerializer(many=True, help_text="who is called for it; blank: nobody owns it")
    hour = PartSerializer(many=True, help_text="of the portal's time zone")


class PersonLoadSerializer(serializers.Serializer[Any]):
    person = serializers.CharField(source="user.username")
    pages = FigureSerializer()
    nights = FigureSerializer(help_text="in which a page came, 22:00 to 07:00 of the person")


class FiguresSerializer(serializers.Serializer[Any]):
    since = serializers.DateTimeField(source="window.since")
    until = serializers.DateTimeField(source="window.until")
    incidents = FigureSerializer(source="reckoned.incidents")
    timings = TimingsSerializer(source="reckoned.timings")
    between_failures = FigureSerializer(source="reckoned.between_failures")
    troubled = FigureSerializer(source="reckoned.troubled", help_text="overlaps counted once")
    answered_late = FigureSerializer(source="reckoned.answered_late")
    resolved_late = FigureSerializer(source="reckoned.resolved_late")
    actions_on_time = FigureSerializer(
        help_text="done by their day, of the action items that were due"
    )
    satisfaction = FigureSerializer(help_text="what readers of the status page gave, 1 to 5")
    services = ServiceKeptSerializer(many=True)
    people = PersonLoadSerializer(many=True)
    by = PartsSerializer(source="parts")


class FiguresView(APIView):
    """What the time up to now was like: today and the days before it, of all services or of one."""

    @extend_schema(
        parameters=[
            OpenApiParameter("days", int, description=f"1 to {LONGEST}; {USUAL} if left out"),
            OpenApiParameter("service", str, description="slug"),
        ],
        responses=FiguresSerializer,
    )
    def get(self, request: Request) -> Response:
        asked = AskedSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        found: Whole = last(at=clock.now(), **asked.validated_data)
        return Response(FiguresSerializer(found).data)
