"""Runbooks by the API: read by everybody, tried without doing anything, and started once under a key."""

from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from core.errors import Refused
from incidents.models import Incident
from runbooks import run_queries, services
from runbooks.api_runs import RunSerializer
from runbooks.domain.documents import Document
from runbooks.models import Purpose, Runbook, Version
from runbooks.reading import reads_only
from runbooks.screens.books import current_of
from runbooks.screens.foretold import told
from teams.api import person
from teams.api_once import once
from teams.domain.roles import Action as May

IN_BOTH: Final = "by language: ko and en"


class RunbookSerializer(serializers.ModelSerializer[Runbook]):
    version = serializers.IntegerField(source="current.number", read_only=True)
    title = serializers.CharField(source="current.title", read_only=True)
    summary = serializers.SerializerMethodField(help_text="in the reader's language")
    changes_something = serializers.SerializerMethodField(
        help_text="then a commander starts it; steps of runbooks within are judged as it starts"
    )
    when: Any = serializers.SerializerMethodField()

    class Meta:
        model = Runbook
        fields = [
            "key", "title", "summary", "version", "enabled", "starts_by_itself", "changes_something", "when",
        ]  # fmt: skip
        read_only_fields = fields

    def get_summary(self, book: Runbook) -> str:
        return book.current.said("summary") if book.current else ""

    def get_changes_something(self, book: Runbook) -> bool:
        return book.current is not None and not reads_only(book.current.document)

    def get_when(self, book: Runbook) -> dict[str, list[str]]:
        when = _document(book).when
        return {
            "scenarios": [*when.scenarios], "alerts": [*when.alerts], "services": [*when.services]
        }  # fmt: skip


class InputSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    type = serializers.CharField()
    label: Any = serializers.DictField(child=serializers.CharField(), help_text=IN_BOTH)
    required: Any = serializers.BooleanField()
    default: Any = serializers.JSONField(allow_null=True)
    choices: Any = serializers.ListField(child=serializers.CharField())


class RunbookDetailSerializer(RunbookSerializer):
    inputs = serializers.SerializerMethodField()
    source: Any = serializers.CharField(source="current.source", read_only=True, help_text="YAML")

    class Meta(RunbookSerializer.Meta):
        fields = [*RunbookSerializer.Meta.fields, "inputs", "source"]
        read_only_fields = fields

    @extend_schema_field(InputSerializer(many=True))
    def get_inputs(self, book: Runbook) -> list[dict[str, Any]]:
        return [
            {
                "name": name, "type": one.type, "label": one.label.as_dict(), "default": one.default,
                "required": one.required and one.default is None, "choices": [*one.choices],
            }
            for name, one in _document(book).inputs.items()
        ]  # fmt: skip


class TryingSerializer(serializers.Serializer[Any]):
    inputs: Any = serializers.DictField(required=False, default=dict, help_text="by name")


class StartingSerializer(TryingSerializer):
    incident = serializers.PrimaryKeyRelatedField(
        queryset=Incident.objects.open(), required=False, allow_null=True, default=None,
        help_text="number of an open incident",
    )  # fmt: skip
    purpose = serializers.ChoiceField(
        choices=[Purpose.MAINTENANCE, Purpose.DRILL], default=Purpose.MAINTENANCE,
        help_text="where there is no incident",
    )  # fmt: skip


class ForetoldSerializer(serializers.Serializer[Any]):
    number = serializers.CharField(help_text="1, 2, 2.1 …")
    title = serializers.CharField()
    lane = serializers.CharField(help_text="the item that it is done for")
    kind = serializers.CharField()
    exactly = serializers.CharField(help_text="what it would do")
    dangerous = serializers.BooleanField(help_text="a second person approves it first")
    changes = serializers.BooleanField()


class RunbookViewSet(ListModelMixin, RetrieveModelMixin, viewsets.GenericViewSet[Runbook]):
    """Procedures that run step by step. They are written in the console."""

    serializer_class = RunbookSerializer
    lookup_field, lookup_value_converter = "key", "slug"
    queryset = Runbook.objects.all()
    needs = {"start": May.RESPOND, "dry_run": May.RESPOND}

    def get_queryset(self) -> QuerySet[Runbook]:
        words = self.request.query_params.get("search", "") if self.action == "list" else ""
        return run_queries.books(words.replace("\0", "")[:100])

    @extend_schema(parameters=[OpenApiParameter("search", str, description="all of these words")])
    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(responses=RunbookDetailSerializer)
    def retrieve(self, request: Request, *args: object, **kwargs: object) -> Response:
        context = self.get_serializer_context()
        return Response(RunbookDetailSerializer(self.get_object(), context=context).data)

    @extend_schema(request=TryingSerializer, responses=ForetoldSerializer(many=True))
    @action(detail=True, methods=["post"], url_path="dry-run", pagination_class=None)
    def dry_run(self, request: Request, key: str) -> Response:
        """What exactly each step would do; nothing is done, and nobody outside is asked."""
        form = TryingSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        lines = told(self._current(), form.validated_data["inputs"])
        return Response(ForetoldSerializer(lines, many=True).data)

    @once
    @extend_schema(request=StartingSerializer, responses={201: RunSerializer})
    @action(detail=True, methods=["post"])
    def start(self, request: Request, key: str) -> Response:
        """What changes something is a commander's to start. 409 when an input does not fit."""
        form = StartingSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        given, user, version = form.validated_data, person(request), self._current()
        if not services.may_start(user, version, given["inputs"]):
            raise PermissionDenied
        incident = given["incident"]
        purpose = Purpose.INCIDENT if incident else Purpose(given["purpose"])
        run = services.start(
            version, given["inputs"], at=clock.database_now(), by=user, incident=incident, purpose=purpose
        )  # fmt: skip
        return Response(RunSerializer(run).data, status=status.HTTP_201_CREATED)

    def _current(self) -> Version:
        book = self.get_object()
        if not book.enabled:
            raise Refused(_("This runbook is switched off."))
        return current_of(book)


def _document(book: Runbook) -> Document:
    return current_of(book).document
