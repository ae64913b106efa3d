from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers, viewsets

from maintenance.backup_words import sentence
from maintenance.domain.flaws import Flaw
from maintenance.models import Backup, BackupPlan, RestoreTest


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
            "rto_minutes",
        ]  # fmt: skip
        read_only_fields = fields


class BackupPlanViewSet(viewsets.ReadOnlyModelViewSet[BackupPlan]):
    """What is backed up, how often, and how old the newest may be. Plans are kept in the console."""

    queryset = BackupPlan.objects.order_by("id")
    serializer_class = BackupPlanSerializer


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
