"""The past by the API: an incident that was never told is added, tried beforehand, and taken back."""

from typing import Any, ClassVar, Final

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from core.moments import MomentValue
from statuspage import services
from statuspage.api import VERSION, NoticeSerializer, NoticeViewSet
from statuspage.domain.backfill import Spell, Word
from statuspage.domain.effects import Effect
from statuspage.domain.phases import Phase
from statuspage.domain.states import State
from statuspage.models import Component, ImpactName, Notice
from statuspage.models.public import new_name
from statuspage.past_forms import LINES, PHASES, STATES
from teams.api import person
from teams.api_once import once
from teams.domain.roles import Action

CLOSED: Final = "the month is closed: what is found out of it is a public erratum"


class SpellSerializer(serializers.Serializer[Any]):
    component: Any = serializers.SlugRelatedField("public_id", queryset=Component.objects.all())
    state = serializers.ChoiceField(STATES)
    began_at = MomentValue()
    ended_at = MomentValue()


class WordSerializer(serializers.Serializer[Any]):
    at = MomentValue()
    phase = serializers.ChoiceField(PHASES)
    body_ko = serializers.CharField(max_length=10_000, default="", allow_blank=True)
    body_en = serializers.CharField(max_length=10_000, default="", allow_blank=True)


class PastSerializer(serializers.Serializer[Any]):
    """Nobody is told of it. The last words have to say that it is resolved."""

    title_ko = serializers.CharField(max_length=255, default="", allow_blank=True)
    title_en = serializers.CharField(max_length=255, default="", allow_blank=True)
    components = SpellSerializer(many=True, default=list, max_length=LINES)  # type: ignore[call-arg]
    updates = WordSerializer(many=True, max_length=LINES)  # type: ignore[call-arg]
    impact_override = serializers.ChoiceField(ImpactName.choices, default="", allow_blank=True)
    why_ko = serializers.CharField(max_length=2000, default="", allow_blank=True)
    why_en = serializers.CharField(
        max_length=2000, default="", allow_blank=True, help_text="read beside a closed month"
    )


class EffectSerializer(serializers.Serializer[Any]):
    name = serializers.DictField(child=serializers.CharField(), help_text="of the component")
    month = serializers.DateField(
        format="%Y-%m", allow_null=True, help_text="null: the days that the bars show"
    )
    closed = serializers.BooleanField(help_text=CLOSED)
    before = serializers.IntegerField(allow_null=True, help_text="hundredths of a percent")
    after = serializers.IntegerField(allow_null=True)


class BackSerializer(serializers.Serializer[Any]):
    version = serializers.CharField(max_length=40, help_text=VERSION)
    why_ko = serializers.CharField(max_length=2000, default="", allow_blank=True)
    why_en = serializers.CharField(max_length=2000, default="", allow_blank=True)


class PastViewSet(NoticeViewSet):
    """What was added to the past. It counts in the figures, and nobody is told of it."""

    http_method_names = ("get", "post", "head", "options")
    needs: ClassVar = dict.fromkeys(("create", "effects", "take_back"), Action.COMMAND)
    partial_update = None  # type: ignore[assignment]
    updates = None  # type: ignore[assignment]

    def get_queryset(self) -> QuerySet[Notice]:
        return super().get_queryset().filter(backfilled=True)

    @once
    @extend_schema(request=PastSerializer, responses={201: NoticeSerializer})
    def create(self, request: Request) -> Response:
        """On the page within seconds, at its own time; 409 if it is no past that could have been."""
        by = person(request)
        made = services.backfill(_past(request.data), key=new_name(), by=by, at=clock.now())
        return self._shown(made.public_id, status.HTTP_201_CREATED)

    @extend_schema(request=PastSerializer, responses={200: EffectSerializer(many=True)})
    @action(detail=False, methods=["post"])
    def effects(self, request: Request) -> Response:
        """What it would do to the figures; nothing is added."""
        past, at = _past(request.data), clock.now()
        services.check(past, at=at)
        return _shown(services.effects_of(past.spells, at=at))

    @extend_schema(request=BackSerializer, responses={200: NoticeSerializer})
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, public_id: str) -> Response:
        """It leaves the page, and counts nowhere."""
        said = BackSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        typed, by = dict(said.validated_data), person(request)
        notice, seen = self.get_object(), typed.pop("version")
        services.take_back(notice, **typed, seen=seen, by=by, at=clock.now())
        return self._shown(public_id)


def _past(data: Any) -> services.Past:
    said = PastSerializer(data=data)
    said.is_valid(raise_exception=True)
    typed = dict(said.validated_data)
    spells = [
        Spell(one["component"].public_id, State(one["state"]), one["began_at"], one["ended_at"])
        for one in typed.pop("components")
    ]
    words = [
        Word(one["at"], Phase(one["phase"]), one["body_ko"], one["body_en"])
        for one in typed.pop("updates")
    ]
    return services.Past(spells=spells, words=words, **typed)


def _shown(effects: list[Effect]) -> Response:
    return Response(EffectSerializer(effects, many=True).data)
