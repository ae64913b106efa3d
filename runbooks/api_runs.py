"""Runs of runbooks by the API: read, steered, and answered."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from runbooks import run_queries, services
from runbooks.api_halting import WhySerializer
from runbooks.domain.runs import RunState
from runbooks.models import Purpose, Run, RunStateName, RunStep, Steer, Steering, StepStateName
from runbooks.models.runs import RunQuerySet
from runbooks.screens.run import findings_of
from teams.api import person
from teams.api_once import once
from teams.domain.roles import Action as May


class RunSerializer(serializers.ModelSerializer[Run]):
    runbook = serializers.CharField(source="version.runbook.key", read_only=True)
    title = serializers.CharField(source="version.title", read_only=True)
    version = serializers.IntegerField(source="version.number", read_only=True)
    state = serializers.ChoiceField(choices=RunStateName.choices, read_only=True)
    purpose = serializers.ChoiceField(choices=Purpose.choices, read_only=True)
    incident = serializers.IntegerField(
        source="incident_id", read_only=True, allow_null=True, help_text="its number"
    )
    inputs: Any = serializers.DictField(read_only=True)
    undoes = serializers.IntegerField(
        source="undoes_id", read_only=True, allow_null=True, help_text="the run that it takes back"
    )
    started_by = serializers.CharField(
        source="started_by.username", default=None, read_only=True, help_text="null: Bongsu"
    )
    in_charge = serializers.CharField(source="driver.username", default=None, read_only=True)

    class Meta:
        model = Run
        fields = [
            "id", "runbook", "title", "version", "state", "purpose", "incident", "inputs", "undoes",
            "started_by", "in_charge", "started_at", "ended_at",
        ]  # fmt: skip
        read_only_fields = fields


class FindingSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(help_text="in the reader's language")
    grave = serializers.BooleanField()


class RunStepSerializer(serializers.ModelSerializer[RunStep]):
    title = serializers.CharField(read_only=True)
    state = serializers.ChoiceField(choices=StepStateName.choices, read_only=True)
    text = serializers.CharField(read_only=True, help_text="what came of it, in a line")
    output = serializers.CharField(
        source="head", read_only=True, help_text="its beginning; the portal shows the whole"
    )
    facts: Any = serializers.DictField(read_only=True)
    action = serializers.IntegerField(
        source="action_id", read_only=True, allow_null=True, help_text="its approval"
    )
    decided_by = serializers.CharField(source="decided_by.username", default=None, read_only=True)

    class Meta:
        model = RunStep
        fields = [
            "id", "path", "name", "title", "kind", "dangerous", "holds", "state", "attempt", "text", "output",
            "facts", "action", "decided_by", "due_at", "began_at", "ended_at",
        ]  # fmt: skip
        read_only_fields = fields


class SteeringSerializer(serializers.ModelSerializer[Steering]):
    what = serializers.ChoiceField(choices=Steer.choices, read_only=True)
    step = serializers.IntegerField(source="step_id", read_only=True, allow_null=True)
    by = serializers.CharField(source="by.username", read_only=True)

    class Meta:
        model = Steering
        fields = ["what", "step", "by", "at", "reason"]
        read_only_fields = fields


class RunDetailSerializer(RunSerializer):
    findings = serializers.SerializerMethodField(help_text="what was found, the grave first")
    steps = serializers.SerializerMethodField(
        help_text="in their order; one that holds others says nothing by its own state"
    )

    steered = serializers.SerializerMethodField(help_text="what people did with it, in their order")

    class Meta(RunSerializer.Meta):
        fields = [*RunSerializer.Meta.fields, "findings", "steps", "steered"]
        read_only_fields = fields

    @extend_schema_field(FindingSerializer(many=True))
    def get_findings(self, run: Run) -> Any:
        return FindingSerializer(findings_of(self.context["steps"]), many=True).data

    @extend_schema_field(RunStepSerializer(many=True))
    def get_steps(self, run: Run) -> Any:
        return RunStepSerializer(self.context["steps"], many=True).data

    @extend_schema_field(SteeringSerializer(many=True))
    def get_steered(self, run: Run) -> Any:
        return SteeringSerializer(run_queries.steered(run), many=True).data


class AnswerSerializer(serializers.Serializer[Any]):
    answer = serializers.CharField(max_length=2_000)


class RunViewSet(ListModelMixin, RetrieveModelMixin, viewsets.GenericViewSet[Run]):
    """A run answers whatever steers it with itself as it stands then."""

    serializer_class = RunSerializer
    lookup_value_converter = "int"
    queryset = Run.objects.all()
    needs = {
        "pause": May.RESPOND, "answer": May.RESPOND, "go_on": May.COMMAND, "abort": May.COMMAND,
        "take_over": May.COMMAND, "undo": May.COMMAND, "retry": May.COMMAND, "skip": May.COMMAND,
        "say_done": May.COMMAND,
    }  # fmt: skip

    def get_queryset(self) -> QuerySet[Run]:
        return run_queries.runs()

    @extend_schema(
        parameters=[
            OpenApiParameter("state", str, enum=[state.value for state in RunState]),
            OpenApiParameter("runbook", str, description="its key"),
            OpenApiParameter("incident", int, description="its number"),
        ]
    )
    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        """The newest first."""
        return super().list(request, *args, **kwargs)

    def filter_queryset(self, queryset: RunQuerySet) -> RunQuerySet:  # type: ignore[override]
        asked = self.request.query_params if self.action == "list" else {}
        if state := asked.get("state", "").replace("\0", ""):
            queryset = queryset.filter(state=state)
        if key := asked.get("runbook", "").replace("\0", ""):
            queryset = queryset.filter(version__runbook__key=key)
        incident = asked.get("incident", "")
        known = incident.isascii() and incident.isdigit() and len(incident) < 10
        return queryset.filter(incident=int(incident)) if known else queryset

    @extend_schema(responses=RunDetailSerializer)
    def retrieve(self, request: Request, *args: object, **kwargs: object) -> Response:
        """With its findings and its steps."""
        return self._as_it_stands()

    @extend_schema(request=None, responses=RunDetailSerializer)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, pk: int) -> Response:
        """What runs ends, and nothing begins. 409 when it does not run."""
        services.pause(self.get_object(), **_who(request))
        return self._as_it_stands()

    @extend_schema(request=None, responses=RunDetailSerializer)
    @action(detail=True, methods=["post"], url_path="go-on")
    def go_on(self, request: Request, pk: int) -> Response:
        """409 when it is not paused."""
        services.go_on(self.get_object(), **_who(request))
        return self._as_it_stands()

    @extend_schema(request=WhySerializer, responses=RunDetailSerializer)
    @action(detail=True, methods=["post"])
    def abort(self, request: Request, pk: int) -> Response:
        """What was done stays done. 409 when it is over."""
        services.abort(self.get_object(), **_who(request), reason=_reason(request))
        return self._as_it_stands()

    @extend_schema(request=None, responses=RunDetailSerializer)
    @action(detail=True, methods=["post"], url_path="take-over")
    def take_over(self, request: Request, pk: int) -> Response:
        """Whoever is in charge approves none of its steps. 409 when you are, or it is over."""
        services.take_over(self.get_object(), **_who(request))
        return self._as_it_stands()

    @once
    @extend_schema(request=None, responses={201: RunSerializer})
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: int) -> Response:
        """A run that takes back what was done, the last first. 409 when nothing can be, or it goes on."""
        made = services.undo(self.get_object(), **_who(request))
        return Response(RunSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=AnswerSerializer, responses=RunDetailSerializer)
    @action(detail=True, methods=["post"], url_path="steps/<int:step>/answer")
    def answer(self, request: Request, pk: int, step: int) -> Response:
        """What a step asked. 409 when it asks nothing, or takes other answers."""
        form = AnswerSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        services.answer(self._step(step), form.validated_data, **_who(request))
        return self._as_it_stands()

    @extend_schema(request=None, responses=RunDetailSerializer)
    @action(detail=True, methods=["post"], url_path="steps/<int:step>/retry")
    def retry(self, request: Request, pk: int, step: int) -> Response:
        """Of a step that failed, or of which nobody knows whether it was done: once more."""
        services.retry(self._step(step), **_who(request))
        return self._as_it_stands()

    @extend_schema(request=WhySerializer, responses=RunDetailSerializer)
    @action(detail=True, methods=["post"], url_path="steps/<int:step>/skip")
    def skip(self, request: Request, pk: int, step: int) -> Response:
        """It is not done, and the run goes on as if it were."""
        services.skip(self._step(step), **_who(request), reason=_reason(request))
        return self._as_it_stands()

    @extend_schema(request=WhySerializer, responses=RunDetailSerializer)
    @action(detail=True, methods=["post"], url_path="steps/<int:step>/done", url_name="done")
    def say_done(self, request: Request, pk: int, step: int) -> Response:
        """Of a step of which nobody knows: you have looked, and it was done."""
        services.say_done(self._step(step), **_who(request), reason=_reason(request))
        return self._as_it_stands()

    def _step(self, pk: int) -> RunStep:
        rows = RunStep.objects.select_related("run__version", "action")
        return get_object_or_404(rows, run=self.get_object(), pk=pk)

    def _as_it_stands(self) -> Response:
        run = self.get_object()
        context = {"steps": run_queries.steps_of(run)}
        return Response(RunDetailSerializer(run, context=context).data)


def _who(request: Request) -> dict[str, Any]:
    return {"by": person(request), "at": clock.database_now()}


def _reason(request: Request) -> str:
    form = WhySerializer(data=request.data)
    form.is_valid(raise_exception=True)
    return str(form.validated_data["reason"])
