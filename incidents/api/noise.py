from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core import clock
from incidents.domain.noise import Remedy
from incidents.screens.noise import report


class NoisyAlertSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(source="tally.name", help_text="its group, or else its title")
    integration = serializers.CharField(source="tally.integration")
    teams = serializers.ListField(
        child=serializers.CharField(), source="slugs", help_text="to which routes sent it"
    )
    alerts = serializers.IntegerField(source="tally.alerts")
    idle = serializers.IntegerField(
        source="tally.idle", help_text="led to nothing that a person did"
    )
    idle_share = serializers.IntegerField(source="tally.idle_share", help_text="per cent")
    quick = serializers.IntegerField(source="tally.quick", help_text="ended within minutes")
    flapping = serializers.IntegerField(source="tally.flapping")
    silenced = serializers.IntegerField(source="tally.silenced")
    remedy = serializers.ChoiceField(
        source="tally.remedy", choices=[each.value for each in Remedy], allow_blank=True
    )
    advice = serializers.CharField(allow_blank=True)


class NoiseSerializer(serializers.Serializer[Any]):
    days = serializers.IntegerField(help_text="looked at")
    alerts = serializers.IntegerField()
    idle = serializers.IntegerField(help_text="led to nothing that a person did")
    share = serializers.IntegerField(help_text="of idle ones, per cent")
    worst = NoisyAlertSerializer(many=True, source="lines")


class NoiseView(APIView):
    """Which alerts never led to anything, the worst first, and what would help."""

    @extend_schema(responses=NoiseSerializer)
    def get(self, request: Request) -> Response:
        return Response(NoiseSerializer(report(at=clock.now())).data)
