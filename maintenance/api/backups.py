from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from maintenance.domain.flaws import Flaw
from maintenance.models import Backup, BackupPlan, RestoreTest
from maintenance.services.asking_backups import ask_backup
from maintenance.words.backups import sentence
from teams.api_once import once
from teams.domain.roles import Action


class FlawSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="such as checksum, truncated, rows, too_old")
    text = serializers.CharField(help_text="a sentence for people")


@extend_schema_field(FlawSerializer(many=True))
class Flaws(serializers.JSONField):
    def to_representation(self, value: Any) -> Any:
        return [{"code": one["code"], "text": sentence(Flaw.of(one))} for one in value]


class BackupSerializer(serializers.ModelSerializer[Backup]):
    flaws = Flaws(read_only=True)
    plan = serializers.CharField(source="plan.name", read_only=True)

    class Meta:
        model = Backup
        fields = [
            "id", "plan", "state", "begun_at", "ended_at", "made_at", "verified_at", "place", "stem",
            "size", "sha256", "sealed", "tables", "rows", "flaws",
        ]  # fmt: skip
        read_only_fields = fields


class RestoreTestSerializer(serializers.ModelSerializer[RestoreTest]):
    flaws = Flaws(read_only=True)
    plan = serializers.CharField(source="plan.name", read_only=True)

    class Meta:
        model = RestoreTest
        fields = [
            "id", "plan", "state", "begun_at", "ended_at", "stem", "age_seconds", "took_seconds",
            "stages", "tables", "rows", "rpo_seconds", "rto_seconds", "flaws",
        ]  # fmt: skip
        read_only_fields = fields


class BackupPlanSerializer(serializers.ModelSerializer[BackupPlan]):
    class Meta:
        model = BackupPlan
        fields = [
            "id", "name", "enabled", "sealed", "every_hours", "hour", "keep_days", "rpo_minutes",
            "rto_minutes", "asked_at",
        ]  # fmt: skip
        read_only_fields = fields


class BackupPlanViewSet(viewsets.ReadOnlyModelViewSet[BackupPlan]):
    """What is backed up, how often, and how old the newest may be. Plans are kept in the console."""

    queryset = BackupPlan.objects.order_by("id")
    serializer_class = BackupPlanSerializer
    needs: ClassVar = {"back_up": Action.COMMAND}

    @extend_schema(request=None, responses={202: BackupPlanSerializer})
    @action(detail=True, methods=["post"], url_path="back-up")
    @once
    def back_up(self, request: Request, pk: str) -> Response:
        """One more now, beside its periods: a worker makes it within minutes."""
        plan = self.get_object()
        ask_backup(plan, at=clock.database_now())
        return Response(self.get_serializer(plan).data, status=202)


class BackupViewSet(viewsets.ReadOnlyModelViewSet[Backup]):
    """The newest first; `?plan=portal` for one plan's."""

    queryset = Backup.objects.select_related("plan")
    serializer_class = BackupSerializer

    def get_queryset(self) -> QuerySet[Backup]:
        return _of_plan(super().get_queryset(), self.request.query_params.get("plan"))


class RestoreTestViewSet(viewsets.ReadOnlyModelViewSet[RestoreTest]):
    """The newest first; `?plan=portal` for one plan's."""

    queryset = RestoreTest.objects.select_related("plan")
    serializer_class = RestoreTestSerializer

    def get_queryset(self) -> QuerySet[RestoreTest]:
        return _of_plan(super().get_queryset(), self.request.query_params.get("plan"))


def _of_plan(rows: QuerySet[Any], name: str | None) -> QuerySet[Any]:
    return rows.filter(plan__name=name) if name else rows
