"""Routine work, by the API: what was done, what it found, and once more now."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from core.pagination import Pages
from maintenance import services
from maintenance.domain.periods import Frequency
from maintenance.models import Routine, RoutineRun
from maintenance.screens.routine import next_due
from maintenance.words.routine import is_hidden, lines, summary
from teams.api import person
from teams.api_once import once
from teams.domain.roles import Action


class RoutineSerializer(serializers.ModelSerializer[Routine]):
    title = serializers.CharField(source="__str__", read_only=True)
    purpose = serializers.CharField(source="job.purpose", read_only=True)
    frequency = serializers.ChoiceField(
        source="job.frequency", choices=[one.value for one in Frequency], read_only=True
    )
    next_at = serializers.SerializerMethodField(help_text="null while it is switched off")

    class Meta:
        model = Routine
        fields = [
            "name", "title", "purpose", "frequency", "hour", "enabled", "severity", "failing",
            "next_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_next_at(self, row: Routine) -> Any:
        runs = list(row.runs.only("first", "routine").exclude(first=None)[:2])
        return next_due(row, runs, at=clock.now())


class RoutineLineSerializer(serializers.Serializer[Any]):
    level = serializers.CharField(help_text="fine, note or bad")
    text = serializers.CharField()


class RoutineRunSerializer(serializers.ModelSerializer[RoutineRun]):
    job = serializers.CharField(source="routine.name", read_only=True)
    period = serializers.SerializerMethodField(help_text="null: somebody asked for it")
    took_seconds = serializers.SerializerMethodField()
    summary = serializers.SerializerMethodField(help_text="why it failed, else the worst it found")
    findings = serializers.SerializerMethodField()
    by = serializers.CharField(source="by.username", read_only=True, allow_null=True)

    class Meta:
        model = RoutineRun
        fields = [
            "id", "job", "period", "status", "due_at", "started_at", "ended_at", "took_seconds",
            "by", "why", "error", "summary", "findings", "figures", "evidence",
        ]  # fmt: skip
        read_only_fields = fields

    def get_period(self, run: RoutineRun) -> str | None:
        return str(run.period) if run.period else None

    def get_took_seconds(self, run: RoutineRun) -> float | None:
        return run.took.total_seconds() if run.took else None

    def get_summary(self, run: RoutineRun) -> str:
        return summary(run, person(self.context["request"]))

    @extend_schema_field(RoutineLineSerializer(many=True))
    def get_findings(self, run: RoutineRun) -> Any:
        shown = lines(run, person(self.context["request"]))
        return RoutineLineSerializer(shown, many=True).data

    def to_representation(self, run: RoutineRun) -> dict[str, Any]:
        said: dict[str, Any] = super().to_representation(run)
        hidden = is_hidden(run, person(self.context["request"]))
        return said | {"error": "", "evidence": {}} if hidden else said


class RoutineViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Routine]
):
    """The jobs that run by themselves; switch and hour are kept in the console."""

    serializer_class = RoutineSerializer
    lookup_field = "name"
    needs: ClassVar = {"run": Action.COMMAND}

    def get_queryset(self) -> QuerySet[Routine]:
        return Routine.objects.known()

    @extend_schema(request=None, responses={202: RoutineRunSerializer})
    @action(detail=True, methods=["post"])
    @once
    def run(self, request: Request, name: str) -> Response:
        """Once more now, beside its periods."""
        made = services.run_now(self.get_object(), by=person(request), at=clock.database_now())
        return Response(RoutineRunSerializer(made, context={"request": request}).data, status=202)


class RoutineRunViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[RoutineRun]
):
    """Each time a job was due or asked for, the newest first."""

    serializer_class = RoutineRunSerializer
    pagination_class = Pages

    def get_queryset(self) -> QuerySet[RoutineRun]:
        return RoutineRun.objects.known().select_related("routine", "by")
