from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from incidents import services
from incidents.api.nested import OfIncident
from incidents.models import Incident
from incidents.services.asking import awaited
from incidents.services.calling import WORDS
from teams.api import person
from teams.api_once import once
from teams.domain.roles import Action
from teams.models import Team, User
from teams.rotations import Rotation


class AwaitedSerializer(serializers.Serializer[Any]):
    username = serializers.CharField()
    name = serializers.CharField()
    since = serializers.DateTimeField(help_text="when last paged")


class CallSerializer(serializers.Serializer[Any]):
    """Exactly one of person, team and rotation."""

    person: Any = serializers.SlugRelatedField(
        slug_field="username", required=False, queryset=User.objects.filter(is_active=True)
    )
    team: Any = serializers.SlugRelatedField(
        slug_field="slug", required=False, queryset=Team.objects.all()
    )
    rotation: Any = serializers.SlugRelatedField(
        slug_field="slug", required=False, queryset=Rotation.objects.all(),
        help_text="whoever is on call in it now",
    )  # fmt: skip
    words = serializers.CharField(
        max_length=WORDS, required=False, default="", allow_blank=True,
        help_text="why; they read it with the page",
    )  # fmt: skip
    again = serializers.BooleanField(
        required=False, default=False,
        help_text="though they are in the incident already, or have a page to answer",
    )  # fmt: skip

    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        named = [said[kind] for kind in ("person", "team", "rotation") if kind in said]
        if len(named) != 1:
            raise serializers.ValidationError(_("Name one of person, team and rotation."))
        return {"whom": named[0], "words": said["words"], "again": said["again"]}


class NextStepSerializer(serializers.Serializer[Any]):
    page_round = serializers.IntegerField(
        min_value=0, max_value=32767,
        help_text="of the incident as you saw it: after another call nobody is called twice",
    )  # fmt: skip


class CallViewSet(OfIncident, viewsets.ViewSet):
    """Who is called into one incident. The answers name who has been paged and said nothing yet."""

    needs = {"create": Action.RESPOND, "next_step": Action.RESPOND}

    @extend_schema(responses=AwaitedSerializer(many=True))
    def list(self, request: Request, number: int) -> Response:
        return Response(_awaited(self.incident))

    @once
    @extend_schema(request=CallSerializer, responses={201: AwaitedSerializer(many=True)})
    def create(self, request: Request, number: int) -> Response:
        """Call in a person, a team, or whoever is on call: whoever commands may."""
        form = CallSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        services.call_in(self.incident, by=person(request), at=clock.now(), **form.validated_data)
        return Response(_awaited(self.incident), status=status.HTTP_201_CREATED)

    @once
    @extend_schema(request=NextStepSerializer, responses={201: AwaitedSerializer(many=True)})
    @action(detail=False, methods=["post"], url_path="next-step")
    def next_step(self, request: Request, number: int) -> Response:
        """The next step of the escalation policy, before its time."""
        form = NextStepSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        services.call_next_now(
            self.incident, by=person(request), at=clock.now(),
            seen=form.validated_data["page_round"],
        )  # fmt: skip
        return Response(_awaited(self.incident), status=status.HTTP_201_CREATED)


def _awaited(incident: Incident) -> Any:
    since = awaited(Incident.objects.get(pk=incident.pk))
    people = User.objects.filter(pk__in=since).order_by("display_name", "username")
    found = [
        {"username": user.username, "name": user.name, "since": since[user.pk]} for user in people
    ]
    return AwaitedSerializer(found, many=True).data
