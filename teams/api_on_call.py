from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core import clock
from teams.oncall import Roster, Turn, rosters_at


class TurnSerializer(serializers.Serializer[Any]):
    username = serializers.CharField()
    name = serializers.CharField()
    start = serializers.DateTimeField()
    end = serializers.DateTimeField(allow_null=True, help_text="null: further than 60 days ahead")
    stands_in = serializers.BooleanField()


class OnCallSerializer(serializers.Serializer[Any]):
    rotation = serializers.SlugField()
    name_ko = serializers.CharField()
    name_en = serializers.CharField()
    team = serializers.SlugField()
    now = TurnSerializer(allow_null=True)
    next = TurnSerializer(allow_null=True)


class OnCallView(APIView):
    """Who is on call now and next, in every rotation."""

    @extend_schema(responses=OnCallSerializer(many=True), operation_id="on_call_list")
    def get(self, request: Request) -> Response:
        at = clock.now()
        rows = [_row(roster, at) for roster in rosters_at(at)]
        return Response(OnCallSerializer(rows, many=True).data)


def _row(roster: Roster, at: datetime) -> dict[str, Any]:
    now, following = roster.now_and_next(at)
    row = roster.rotation
    return {
        "rotation": row.slug,
        "name_ko": row.name_ko,
        "name_en": row.name_en,
        "team": row.team.slug,
        "now": _turn(now),
        "next": _turn(following),
    }


def _turn(turn: Turn | None) -> dict[str, Any] | None:
    if turn is None:
        return None
    return {
        "username": turn.person.username,
        "name": turn.person.name,
        "start": turn.start,
        "end": None if turn.goes_on else turn.end,
        "stands_in": turn.stands_in,
    }
