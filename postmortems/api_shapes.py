"""What belongs to one postmortem: where there is no such postmortem, nothing of it is found either."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from postmortems.models import Comment, Evidence, Postmortem, Section, Why


class OfPostmortem(APIView):
    postmortem: Postmortem

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """After who may: whoever may not learns nothing of what is there."""
        super().initial(request, *args, **kwargs)
        rows = Postmortem.objects.select_related("incident")
        self.postmortem = get_object_or_404(rows, incident=kwargs["number"])

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(postmortem__incident=self.kwargs.get("number"))  # type: ignore[misc]


class CitedSerializer(serializers.ModelSerializer[Evidence]):
    class Meta:
        model = Evidence
        fields = ["id", "kind", "ref", "said_ko", "said_en", "url"]
        read_only_fields: ClassVar = ["said_ko", "said_en", "url"]


class WhySerializer(serializers.ModelSerializer[Why]):
    by = serializers.CharField(source="by.username", default=None, read_only=True)
    evidence = CitedSerializer(many=True)

    class Meta:
        model = Why
        fields = ["id", "parent", "answer", "revision", "by", "at", "evidence"]
        read_only_fields = fields


class SourceSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=Evidence.Kind.choices)
    ref = serializers.IntegerField(
        min_value=1, max_value=2**63 - 1, help_text="an event's place on the timeline, or the number of the other's row"
    )  # fmt: skip


class NewWhySerializer(serializers.Serializer[Any]):
    answer = serializers.CharField(max_length=500)
    under = serializers.IntegerField(
        required=False, default=None, allow_null=True, min_value=1, max_value=2**63 - 1,
        help_text="the answer it led to; none for what led to the incident itself",
    )  # fmt: skip
    source = SourceSerializer(required=False, default=None, allow_null=True)  # type: ignore[assignment]


class Reworded(serializers.Serializer[Any]):
    answer = serializers.CharField(max_length=500)
    revision = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, help_text="that you have read; of another it says 409"
    )


class CommentSerializer(serializers.ModelSerializer[Comment]):
    by = serializers.CharField(source="by.username", default=None, read_only=True)
    resolved_by = serializers.CharField(source="resolved_by.username", default=None, read_only=True)

    class Meta:
        model = Comment
        fields = ["id", "section", "text", "version", "by", "at", "resolved_at", "resolved_by"]
        read_only_fields = fields


class NewCommentSerializer(serializers.Serializer[Any]):
    section = serializers.ChoiceField(choices=Section.choices)
    text = serializers.CharField(max_length=4000)
