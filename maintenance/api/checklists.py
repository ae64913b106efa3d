"""Checklists of people, by the API: what was answered, by whom, and whether it is signed."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from core.pagination import Pages
from maintenance.models import Round, RoundAnswer, RoundFile, SaidName
from maintenance.rounds import rounds


class RoundFileSerializer(serializers.ModelSerializer[RoundFile]):
    type = serializers.CharField(source="kind", read_only=True, help_text="by its content")

    class Meta:
        model = RoundFile
        fields = ["id", "name", "type", "size", "sha256", "at", "removed"]
        read_only_fields = fields


class RoundAnswerSerializer(serializers.ModelSerializer[RoundAnswer]):
    text = serializers.CharField(read_only=True)
    said = serializers.ChoiceField(
        choices=[*SaidName.values, ""], read_only=True, help_text="empty: not answered yet"
    )
    by = serializers.CharField(source="by.username", default=None, read_only=True)
    files = RoundFileSerializer(many=True, read_only=True)

    class Meta:
        model = RoundAnswer
        fields = ["place", "text", "needs_evidence", "said", "note", "link", "by", "at", "files"]
        read_only_fields = fields


class RoundSerializer(serializers.ModelSerializer[Round]):
    checklist = serializers.CharField(source="checklist.key", read_only=True)
    title = serializers.CharField(source="checklist.name", read_only=True)
    period = serializers.CharField(read_only=True)
    owner = serializers.CharField(source="owner.username", default=None, read_only=True)
    signed_by = serializers.CharField(source="signed_by.username", default=None, read_only=True)
    answered = serializers.IntegerField(read_only=True)
    total = serializers.IntegerField(read_only=True)
    findings = serializers.IntegerField(read_only=True)

    class Meta:
        model = Round
        fields = [
            "id", "checklist", "title", "period", "owner", "due", "begun_at", "answered", "total", "findings",
            "signed_by", "signed_at", "remark",
        ]  # fmt: skip
        read_only_fields = fields


class RoundDetailSerializer(RoundSerializer):
    answers = serializers.SerializerMethodField()

    class Meta(RoundSerializer.Meta):
        fields = [*RoundSerializer.Meta.fields, "answers"]
        read_only_fields = fields

    @extend_schema_field(RoundAnswerSerializer(many=True))
    def get_answers(self, row: Round) -> Any:
        answers = row.answers.select_related("by").prefetch_related("files")
        return RoundAnswerSerializer(answers, many=True).data


class RoundViewSet(viewsets.ReadOnlyModelViewSet[Round]):
    """Each time a checklist was gone through, the newest first. They are answered and signed in the portal."""

    serializer_class = RoundSerializer
    pagination_class = Pages
    queryset = Round.objects.all()

    def get_queryset(self) -> QuerySet[Round]:
        return rounds()

    @extend_schema(responses=RoundDetailSerializer)
    def retrieve(self, request: Request, *args: object, **kwargs: object) -> Response:
        return Response(RoundDetailSerializer(self.get_object()).data)
