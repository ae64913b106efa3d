"""What belongs to one postmortem: where there is no such postmortem, nothing of it is found either."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from postmortems.models import ActionItem, Comment, Evidence, Postmortem, Section, Why
from teams.models import Team, User

PEOPLE = User.objects.filter(is_active=True)


class ActionItemSerializer(serializers.ModelSerializer[ActionItem]):
    """Owned by a person, a team, or somebody whom neither names."""

    id = serializers.IntegerField(required=False, help_text="none for a new one")
    person = serializers.SlugRelatedField(
        slug_field="username", queryset=PEOPLE, required=False, allow_null=True
    )
    team = serializers.SlugRelatedField(
        slug_field="slug", queryset=Team.objects.all(), required=False, allow_null=True
    )
    incident = serializers.IntegerField(source="postmortem.incident_id", read_only=True)
    status = serializers.ChoiceField(
        choices=ActionItem.Progress.choices, default=ActionItem.Progress.OPEN
    )
    owned_by = serializers.CharField(read_only=True)

    class Meta:
        model = ActionItem
        fields = [
            "id", "incident", "kind", "purpose", "description", "person", "team", "owner", "owned_by", "due_date",
            "priority", "status", "tracker_url", "suggested", "done_at",
        ]  # fmt: skip
        read_only_fields: ClassVar = ["suggested", "done_at"]


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


class ProgressSerializer(serializers.ModelSerializer[ActionItem]):
    """What is left out stays as it is."""

    person = serializers.SlugRelatedField(
        slug_field="username", queryset=PEOPLE, required=False, allow_null=True
    )
    team = serializers.SlugRelatedField(
        slug_field="slug", queryset=Team.objects.all(), required=False, allow_null=True
    )

    class Meta:
        model = ActionItem
        fields = ["status", "due_date", "person", "team", "owner", "tracker_url"]
        extra_kwargs: ClassVar = {
            name: {"required": False} for name in ("status", "due_date", "owner", "tracker_url")
        }
