from typing import Any, Final

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from incidents.api.nested import OfIncident
from incidents.models import MessageState, MessageTemplate, StakeholderMessage, UrgencyName
from incidents.models.messages import TEXTS
from incidents.services import stakeholders
from notifications.queries import not_reached
from teams.api import person
from teams.api_once import once
from teams.domain.roles import Action
from teams.stakeholders import StakeholderGroup

MISSED_SHOWN: Final = 200


class MessageSerializer(serializers.ModelSerializer[StakeholderMessage]):
    group = serializers.CharField(source="group.slug", read_only=True)
    state = serializers.ChoiceField(choices=MessageState.choices, read_only=True)
    written_by = serializers.CharField(source="written_by.username", default=None, read_only=True)
    approved_by = serializers.CharField(source="approved_by.username", default=None, read_only=True)

    class Meta:
        model = StakeholderMessage
        fields = [
            "id", "version", "group", "event", "urgency", "external", "automatic",
            "second_person", *TEXTS, "state", "drafted_at", "written_by", "approved_at",
            "approved_by", "goes_at", "recipients", "reached", "missed", "finished_at",
        ]  # fmt: skip
        read_only_fields = fields


class TextsSerializer(serializers.Serializer[Any]):
    subject_ko = serializers.CharField(max_length=300)
    body_ko = serializers.CharField(max_length=5000)
    subject_en = serializers.CharField(max_length=300)
    body_en = serializers.CharField(max_length=5000)


class NewMessageSerializer(TextsSerializer):
    group = serializers.SlugRelatedField(slug_field="slug", queryset=StakeholderGroup.objects.all())
    urgency = serializers.ChoiceField(choices=UrgencyName.choices, default=UrgencyName.HIGH)


class SeenSerializer(serializers.Serializer[StakeholderMessage]):
    version = serializers.IntegerField(min_value=1, help_text="The version that was read.")


class RevisedSerializer(TextsSerializer, SeenSerializer):
    pass


class BegunSerializer(serializers.Serializer[StakeholderMessage]):
    template: Any = serializers.SlugRelatedField(
        slug_field="slug", queryset=MessageTemplate.objects.all()
    )


class NotReachedSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    why = serializers.CharField()


class MessageViewSet(
    OfIncident,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[StakeholderMessage],
):
    """What stakeholders of one incident were told, or are about to be."""

    serializer_class = MessageSerializer
    queryset = StakeholderMessage.objects.select_related("group", "written_by", "approved_by")
    lookup_value_converter = "uuid"
    needs = {
        "create": Action.RESPOND,
        "update": Action.RESPOND,
        "approve": Action.COMMAND,
        "withdraw": Action.COMMAND,
    }

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(incident=self.kwargs.get("number"))

    @once
    @extend_schema(request=NewMessageSerializer, responses={201: MessageSerializer})
    def create(self, request: Request, number: int) -> Response:
        """A draft; it goes out once somebody approves it."""
        form = NewMessageSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        said = form.validated_data
        message = stakeholders.write(
            self.incident, said["group"], said,
            urgency=said["urgency"], by=person(request), at=clock.now(),
        )  # fmt: skip
        return Response(MessageSerializer(message).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        parameters=[OpenApiParameter("template", str, required=True, description="its slug")],
        responses=TextsSerializer,
    )
    @action(detail=False, pagination_class=None)
    def begin(self, request: Request, number: int) -> Response:
        """A template filled with what is known now, to begin a message with. Nothing is kept."""
        form = BegunSerializer(data=request.query_params)
        form.is_valid(raise_exception=True)
        said = stakeholders.begun(self.incident, at=clock.now(), **form.validated_data)
        return Response(TextsSerializer(said).data)

    @extend_schema(responses=NotReachedSerializer(many=True))
    @action(detail=True, pagination_class=None)
    def missed(self, request: Request, number: int, pk: str) -> Response:
        """Who was not reached, and why."""
        topic = self.get_object().topic
        found = not_reached([topic], most=MISSED_SHOWN).get(topic, [])
        return Response([{"name": name, "why": why} for name, why in found])

    @extend_schema(request=RevisedSerializer, responses=MessageSerializer)
    def update(self, request: Request, number: int, pk: str) -> Response:
        form = RevisedSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        said = form.validated_data
        stakeholders.revise(self.get_object(), said, version=said["version"], by=person(request))
        return self._fresh()

    @extend_schema(request=SeenSerializer, responses=MessageSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, number: int, pk: str) -> Response:
        stakeholders.approve(
            self.get_object(), version=self._seen(), by=person(request), at=clock.now()
        )
        return self._fresh()

    @extend_schema(request=SeenSerializer, responses=MessageSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, number: int, pk: str) -> Response:
        stakeholders.withdraw(
            self.get_object(), version=self._seen(), by=person(request), at=clock.now()
        )
        return self._fresh()

    def _seen(self) -> int:
        form = SeenSerializer(data=self.request.data)
        form.is_valid(raise_exception=True)
        version: int = form.validated_data["version"]
        return version

    def _fresh(self) -> Response:
        return Response(MessageSerializer(self.get_object()).data)
