"""The summary for whoever comes next, by the API: what the page says, as data."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core import clock
from incidents.api.messages import MessageSerializer
from incidents.api.roles import RoleHeldSerializer
from incidents.api.shapes import IncidentSerializer
from incidents.models import Incident
from incidents.screens.handover import handover


class MomentSerializer(serializers.Serializer[Any]):
    seq = serializers.IntegerField()
    at = serializers.DateTimeField()
    kind = serializers.CharField()
    actor = serializers.CharField(allow_blank=True)
    text = serializers.CharField()


class OpenTaskSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="number")
    text = serializers.CharField()
    owner = serializers.CharField(allow_blank=True, help_text="by name")
    due_at = serializers.DateTimeField(allow_null=True)
    overdue = serializers.BooleanField()


class MissedSerializer(serializers.Serializer[Any]):
    what = serializers.CharField(source="label")
    at = serializers.DateTimeField(source="due")


class DueSerializer(serializers.Serializer[Any]):
    what = serializers.CharField()
    at = serializers.DateTimeField()
    soon = serializers.BooleanField()


class UnansweredSerializer(serializers.Serializer[Any]):
    username = serializers.CharField(source="person.username")
    name = serializers.CharField()
    since = serializers.DateTimeField()


class StillFiringSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="alert_id")
    title = serializers.CharField(source="alert.title")
    severity = serializers.CharField(source="alert.severity")
    since = serializers.DateTimeField(source="alert.started_at")


class WaitingSerializer(serializers.Serializer[Any]):
    what = serializers.CharField()
    since = serializers.DateTimeField()
    url = serializers.CharField(help_text="on this portal, where it is decided")


class HandoverSerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    incident = IncidentSerializer()
    moments = MomentSerializer(many=True, help_text="the last key moments, as they happened")
    roles = RoleHeldSerializer(many=True)
    tasks = OpenTaskSerializer(many=True, help_text="not done yet, what is due first")
    missed = MissedSerializer(many=True, help_text="deadlines that were not kept")
    due = DueSerializer(many=True, help_text="what comes next, and when")
    overdue = serializers.IntegerField(help_text="of the tasks")
    unanswered = UnansweredSerializer(many=True, help_text="paged, and not a word since")
    firing = StillFiringSerializer(
        many=True, help_text="alerts; the first of them, the oldest first"
    )
    firing_count = serializers.IntegerField()
    waiting = WaitingSerializer(many=True, help_text="for somebody's decision")
    told = MessageSerializer(
        allow_null=True, help_text="what stakeholders were reached with last, if with anything"
    )
    to_go = MessageSerializer(many=True, help_text="approved, and with nobody yet; see goes_at")


class HandoverView(APIView):
    """What whoever comes next must know."""

    @extend_schema(responses=HandoverSerializer)
    def get(self, request: Request, number: int) -> Response:
        incident = get_object_or_404(Incident.objects.for_list(), pk=number)
        found = handover(incident, at=clock.now())
        facts = vars(found) | {
            "incident": incident, "roles": incident.roles_now, "missed": found.late,
            "overdue": found.overdue,
        }  # fmt: skip
        return Response(HandoverSerializer(facts, context={"request": request}).data)
