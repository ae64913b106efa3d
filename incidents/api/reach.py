"""Whether everyone can be reached, and who would be: asked of what is configured now."""

from datetime import datetime
from itertools import islice
from typing import Any, Final

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core import clock
from core.severity import CHOICES
from incidents.domain.foresight import Did, Turn
from incidents.domain.paging import Page
from incidents.domain.reach import Hole, Kind
from incidents.forms_reach import DOES, LATEST, SHOWN, done, within_reach
from incidents.narration_reach import Told, told
from incidents.screens.reach import foreseen
from incidents.services.foreseeing import Scene, pages_to_come
from incidents.services.reachability import find_holes
from teams.api import person
from teams.models import Service, Team, User

MOST: Final = 50


class SpanSerializer(serializers.Serializer[Any]):
    start = serializers.DateTimeField()
    end = serializers.DateTimeField(allow_null=True, help_text="null: longer than is looked at")


class HoleSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=[kind.value for kind in Kind])
    grave = serializers.BooleanField()
    severity = serializers.ChoiceField(choices=CHOICES, allow_null=True)
    step = serializers.IntegerField(allow_null=True, help_text="of the policy, counted from 1")
    unused = serializers.BooleanField(help_text="in a policy that no severity goes by")
    text = serializers.CharField()
    fix = serializers.CharField(help_text="what mends it")
    url = serializers.URLField(allow_null=True, help_text="where you mend it; null: you may not")
    begins = serializers.DateTimeField(allow_null=True, help_text="null: it is there already")
    spans = SpanSerializer(many=True, help_text="the first of the times it is about")
    more = serializers.IntegerField(help_text="times beyond those")


class HoleViewSet(viewsets.GenericViewSet[Any]):
    """Through which a page would fall."""

    @extend_schema(responses=HoleSerializer(many=True))
    def list(self, request: Request) -> Response:
        """Every time it is asked for, all is looked at anew; the gravest come first."""
        at = clock.now()
        found = find_holes(at=at)
        words = told(found, at=at, reader=person(request))
        rows = [_hole(request, *both) for both in zip(found, words, strict=True)]
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(HoleSerializer(page or [], many=True).data)


def _hole(request: Request, hole: Hole, said: Told) -> dict[str, Any]:
    return said._asdict() | {
        "kind": hole.kind,
        "severity": hole.severity or None,
        "step": hole.step or None,
        "url": request.build_absolute_uri(said.url) if said.url else None,
        "spans": [{"start": start, "end": end} for start, end in said.spans],
    }


class AskedSerializer(serializers.Serializer[Any]):
    severity = serializers.ChoiceField(choices=CHOICES)
    service: Any = serializers.SlugRelatedField(
        slug_field="slug", queryset=Service.objects.all(), required=False, default=None
    )
    team: Any = serializers.SlugRelatedField(
        slug_field="slug", queryset=Team.objects.all(), required=False, default=None
    )
    at = serializers.DateTimeField(required=False, validators=[within_reach])
    answers: Any = serializers.SlugRelatedField(
        slug_field="username", queryset=User.objects.responders(), required=False, default=None
    )
    does = serializers.ChoiceField(
        choices=[did.value for did in DOES], required=False, default=Did.ANSWER.value
    )
    after = serializers.IntegerField(required=False, default=0, min_value=0, max_value=LATEST)
    most = serializers.IntegerField(required=False, default=SHOWN, min_value=1, max_value=MOST)


class ForeseenPageSerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    username = serializers.CharField(allow_null=True, help_text="null: a team's webhook or channel")
    name = serializers.CharField()
    channel = serializers.CharField()
    held = serializers.BooleanField(help_text="it waits because it is this person's quiet time")


class ForeseenSerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    turn = serializers.ChoiceField(choices=[turn.value for turn in Turn])
    severity = serializers.ChoiceField(choices=CHOICES)
    step = serializers.IntegerField(help_text="of the severity's policy, counted from 1")
    text = serializers.CharField()
    pages = ForeseenPageSerializer(many=True, help_text="none: a hole, or all were called before")
    spared = ForeseenPageSerializer(many=True, help_text="withdrawn before it is their time")


class WhatIfView(APIView):
    """Who would be called if nobody answered, or somebody, to the second. Asking changes nothing."""

    @extend_schema(
        parameters=[
            OpenApiParameter("severity", str, required=True, enum=["P0", "P1", "P2", "P3"]),
            OpenApiParameter("service", str, description="slug of a service"),
            OpenApiParameter("team", str, description="slug of the team that a route names"),
            OpenApiParameter("at", str, description="when it opens; now, where nothing is said"),
            OpenApiParameter("answers", str, description="username of who answers; nobody"),
            OpenApiParameter("does", str, enum=[*DOES], description="what they do; answer"),
            OpenApiParameter("after", int, description="so many minutes after it opens"),
            OpenApiParameter("most", int, description=f"so many moments, at most {MOST}"),
        ],
        responses=ForeseenSerializer(many=True),
        operation_id="what_if_list",
    )
    def get(self, request: Request) -> Response:
        form = AskedSerializer(data=request.query_params)
        form.is_valid(raise_exception=True)
        said = form.validated_data
        at = said.get("at") or clock.now()
        services = [said["service"]] if said["service"] else []
        who, deeds = said["answers"], done(said["answers"], said["does"], at, said["after"])
        scenes = pages_to_come(
            said["severity"], services=services, at=at, deeds=deeds,
            routed_to=said["team"] and said["team"].pk,
        )  # fmt: skip
        rows = _rows(list(islice(scenes, said["most"])), who)
        return Response(ForeseenSerializer(rows, many=True).data)


def _rows(scenes: list[Scene], who: User | None) -> list[dict[str, Any]]:
    people = {
        each.page.user_id for scene in scenes for each in scene.envelopes if each.page.user_id
    }
    names = dict(User.objects.filter(pk__in=people).values_list("pk", "username"))
    words = foreseen(scenes, since=scenes[0].moment.at, who=who)
    return [
        {
            "at": scene.moment.at,
            "turn": scene.moment.turn,
            "severity": scene.moment.severity,
            "step": scene.moment.place + 1,
            "text": said.text,
            "pages": _pages(scene.moment.at, scene.pages, names),
            "spared": _pages(scene.moment.at, scene.spared, names),
        }
        for scene, said in zip(scenes, words, strict=True)
    ]  # fmt: skip


def _pages(called: datetime, pages: list[Page], names: dict[int, str]) -> list[dict[str, Any]]:
    return [
        {
            "at": called + page.after, "username": names.get(page.user_id or 0),
            "name": page.name, "channel": page.channel, "held": page.held,
        }
        for page in pages
    ]  # fmt: skip
