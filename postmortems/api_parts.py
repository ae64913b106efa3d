"""The causes, comments and suggestions of a postmortem by the API: the same services as in the portal."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from postmortems import services
from postmortems.api_shapes import (
    ActionItemSerializer,
    CommentSerializer,
    NewCommentSerializer,
    NewWhySerializer,
    OfPostmortem,
    ProgressSerializer,
    Reworded,
    SourceSerializer,
    WhySerializer,
)  # fmt: skip
from postmortems.models import ActionItem, Comment, Evidence, Suggestion, Version, Why
from teams.api import person
from teams.api_once import once
from teams.domain.roles import Action


class WhyViewSet(OfPostmortem, mixins.ListModelMixin, viewsets.GenericViewSet[Why]):
    """Answers to the whys of one postmortem: `parent` is what each led to."""

    serializer_class = WhySerializer
    queryset = Why.objects.select_related("by", "postmortem__incident").prefetch_related("evidence")
    lookup_value_converter = "int"
    needs: ClassVar = dict.fromkeys(("create", "partial_update", "destroy", "cite"), Action.RESPOND)

    @once
    @extend_schema(request=NewWhySerializer, responses={201: WhySerializer})
    def create(self, request: Request, number: int) -> Response:
        said = _clean(NewWhySerializer(data=request.data))
        under = said["under"] and get_object_or_404(self.get_queryset(), pk=said["under"])
        source = said["source"] and (said["source"]["kind"], said["source"]["ref"])
        made = services.add_why(
            self.postmortem, said["answer"], under=under, source=source, by=person(request),
            at=clock.now(),
        )  # fmt: skip
        return Response(WhySerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=Reworded, responses=WhySerializer)
    def partial_update(self, request: Request, number: int, pk: int) -> Response:
        said = _clean(Reworded(data=request.data))
        services.change_why(
            self.get_object(), said["answer"], seen=said["revision"], by=person(request), at=clock.now()
        )  # fmt: skip
        return Response(WhySerializer(self.get_object()).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, number: int, pk: int) -> Response:
        """With all that led to it."""
        services.remove_why(self.get_object(), by=person(request), at=clock.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @once
    @extend_schema(request=SourceSerializer, responses={201: WhySerializer})
    @action(detail=True, methods=["post"], url_path="evidence")
    def cite(self, request: Request, number: int, pk: int) -> Response:
        """An event, metric, change or runbook step of the incident's record."""
        said = _clean(SourceSerializer(data=request.data))
        services.cite(self.get_object(), **said, by=person(request), at=clock.now())
        return Response(WhySerializer(self.get_object()).data, status=status.HTTP_201_CREATED)


class EvidenceOfWhyViewSet(OfPostmortem, viewsets.GenericViewSet[Evidence]):
    queryset = Evidence.objects.select_related("why__postmortem")
    lookup_value_converter = "int"
    needs: ClassVar = {"destroy": Action.RESPOND}

    def get_queryset(self) -> Any:
        return Evidence.objects.select_related("why__postmortem").filter(
            why__postmortem__incident=self.kwargs.get("number")
        )

    @extend_schema(request=None, responses={204: None})
    def destroy(self, request: Request, number: int, pk: int) -> Response:
        services.withdraw(self.get_object(), by=person(request), at=clock.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class CommentViewSet(OfPostmortem, mixins.ListModelMixin, viewsets.GenericViewSet[Comment]):
    serializer_class = CommentSerializer
    queryset = Comment.objects.select_related("by", "resolved_by")
    lookup_value_converter = "int"
    needs: ClassVar = dict.fromkeys(("create", "resolve", "reopen"), Action.RESPOND)

    @once
    @extend_schema(request=NewCommentSerializer, responses={201: CommentSerializer})
    def create(self, request: Request, number: int) -> Response:
        said = _clean(NewCommentSerializer(data=request.data))
        made = services.comment(self.postmortem, **said, by=person(request), at=clock.now())
        return Response(CommentSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=CommentSerializer)
    @action(detail=True, methods=["post"])
    def resolve(self, request: Request, number: int, pk: int) -> Response:
        services.resolve_comment(self.get_object(), by=person(request), at=clock.now())
        return Response(CommentSerializer(self.get_object()).data)

    @extend_schema(request=None, responses=CommentSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, number: int, pk: int) -> Response:
        services.reopen_comment(self.get_object())
        return Response(CommentSerializer(self.get_object()).data)


class FactorSerializer(serializers.ModelSerializer[Suggestion]):
    class Meta:
        model = Suggestion
        fields = ["id", "kind", "ref", "said_ko", "said_en", "url", "accepted", "decided_at"]
        read_only_fields = fields


class DecisionSerializer(serializers.Serializer[Any]):
    accept = serializers.BooleanField()


class SuggestionViewSet(OfPostmortem, mixins.ListModelMixin, viewsets.GenericViewSet[Suggestion]):
    """Contributing factors that the record suggests; they say nothing until a person accepts them."""

    serializer_class = FactorSerializer
    queryset = Suggestion.objects.select_related("postmortem")
    lookup_value_converter = "int"
    needs: ClassVar = {"decide": Action.REVIEW}

    @extend_schema(request=DecisionSerializer, responses=FactorSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, number: int, pk: int) -> Response:
        said = _clean(DecisionSerializer(data=request.data))
        services.decide(
            self.get_object(), accept=said["accept"], by=person(request), at=clock.now()
        )
        return Response(FactorSerializer(self.get_object()).data)


class VersionSerializer(serializers.ModelSerializer[Version]):
    by = serializers.CharField(source="by_name")

    class Meta:
        model = Version
        fields = ["number", "state", "at", "by", "hash", "content"]
        read_only_fields = fields


class VersionViewSet(
    OfPostmortem, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Version]
):
    """All that it said at each time; the SHA-256 is of `content` as canonical JSON."""

    serializer_class = VersionSerializer
    queryset = Version.objects.all()
    lookup_field = "version"
    lookup_value_converter = "int"

    def get_object(self) -> Version:
        found: Version = get_object_or_404(self.get_queryset(), number=self.kwargs["version"])
        return found


class ActionItemViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[ActionItem]):
    """The action items of all postmortems that somebody has accepted, what is due first standing first."""

    serializer_class = ActionItemSerializer
    queryset = ActionItem.objects.accepted().select_related("person", "team", "postmortem")
    lookup_value_converter = "int"
    needs: ClassVar = {"partial_update": Action.REVIEW}

    def get_queryset(self) -> Any:
        rows, asked = super().get_queryset(), self.request.query_params
        if asked.get("open") == "true":
            rows = rows.filter(status__in=ActionItem.UNDONE)
        if team := asked.get("team", "").replace("\0", ""):
            rows = rows.filter(team__slug=team)
        if who := asked.get("person", "").replace("\0", ""):
            rows = rows.filter(person__username=who)
        return rows

    @extend_schema(
        parameters=[
            OpenApiParameter("open", bool, description="only what is not done yet"),
            OpenApiParameter("team", str, description="the team's slug"),
            OpenApiParameter("person", str, description="a username"),
        ]
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(request=ProgressSerializer, responses=ActionItemSerializer)
    def partial_update(self, request: Request, pk: int) -> Response:
        """What still changes when its postmortem is published."""
        said = _clean(ProgressSerializer(data=request.data))
        services.change_action(self.get_object(), said, by=person(request), at=clock.now())
        return Response(ActionItemSerializer(self.get_object()).data)


def _clean(form: serializers.Serializer[Any]) -> dict[str, Any]:
    form.is_valid(raise_exception=True)
    return dict(form.validated_data)
