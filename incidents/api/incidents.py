from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from core.pagination import Pages
from incidents import services
from incidents.api.shapes import (
    CorrectionSerializer,
    DeclineSerializer,
    EventSerializer,
    ImpactSerializer,
    IncidentSerializer,
    MergeSerializer,
    MoveSerializer,
    NewIncidentSerializer,
    NoteSerializer,
    SeveritySerializer,
    SimilarSerializer,
    span,
)
from incidents.domain import story
from incidents.domain.story import Show
from incidents.models import Incident, IncidentQuerySet, StatusName
from incidents.queries import search, with_merged
from incidents.services import stakeholders
from incidents.similar import similar
from teams.api import person
from teams.api_once import once
from teams.domain.roles import Action


class IncidentViewSet(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[Incident],
):
    serializer_class = IncidentSerializer
    queryset = Incident.objects.for_list()
    lookup_field = "number"
    lookup_value_converter = "int"
    needs = {
        "create": Action.RESPOND,
        "partial_update": Action.RESPOND,
        "acknowledge": Action.RESPOND,
        "mitigate": Action.RESPOND,
        "decline": Action.RESPOND,
        "notes": Action.RESPOND,
        "pins": Action.RESPOND,
        "resolve": Action.COMMAND,
        "reopen": Action.COMMAND,
        "severity": Action.COMMAND,
        "impact": Action.RESPOND,
        "merge": Action.COMMAND,
        "unmerge": Action.COMMAND,
        "move_alert": Action.COMMAND,
    }

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "search",
                str,
                description="a number, a part of the title, or words of title, description and notes",
            ),
            OpenApiParameter("status", str, enum=[*StatusName.values, "open"]),
            OpenApiParameter("severity", str, enum=["P0", "P1", "P2", "P3"]),
            OpenApiParameter("service", str, description="slug of a service"),
            OpenApiParameter("detected_after", OpenApiTypes.DATETIME),
            OpenApiParameter("detected_before", OpenApiTypes.DATETIME),
        ]
    )
    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().list(request, *args, **kwargs)

    def filter_queryset(self, queryset: IncidentQuerySet) -> IncidentQuerySet:  # type: ignore[override]
        asked = self.request.query_params
        if words := asked.get("search"):
            queryset = search(queryset, words)
        if state := asked.get("status"):
            queryset = queryset.open() if state == "open" else queryset.filter(status=state)
        if severity := asked.get("severity"):
            queryset = queryset.filter(severity=severity)
        if service := asked.get("service"):
            queryset = queryset.filter(services__slug=service)
        return queryset.filter(**span(asked))

    @once
    @extend_schema(request=NewIncidentSerializer, responses={201: IncidentSerializer})
    def create(self, request: Request) -> Response:
        form = NewIncidentSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        incident = services.declare(by=person(request), at=clock.now(), **form.validated_data)
        return self._answer(incident, status.HTTP_201_CREATED)

    @extend_schema(request=CorrectionSerializer, responses=IncidentSerializer)
    def partial_update(self, request: Request, number: int) -> Response:
        """What was taken down wrongly is put right; what is not named stays as it is."""
        form = CorrectionSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        incident = self.get_object()
        services.correct(incident, by=person(request), at=clock.now(), **form.validated_data)
        return self._answer(incident)

    @extend_schema(request=None, responses=IncidentSerializer)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, number: int) -> Response:
        return self._moved(services.acknowledge)

    @extend_schema(request=DeclineSerializer, responses=IncidentSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, number: int) -> Response:
        """You were paged and cannot take it: whoever is next is called, unless others may answer."""
        form = DeclineSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        incident = self.get_object()
        services.decline(incident, by=person(request), at=clock.now(), **form.validated_data)
        return self._answer(incident)

    @extend_schema(request=None, responses=IncidentSerializer)
    @action(detail=True, methods=["post"])
    def mitigate(self, request: Request, number: int) -> Response:
        return self._moved(services.mitigate)

    @extend_schema(request=None, responses=IncidentSerializer)
    @action(detail=True, methods=["post"])
    def resolve(self, request: Request, number: int) -> Response:
        return self._moved(services.resolve)

    @extend_schema(request=None, responses=IncidentSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, number: int) -> Response:
        return self._moved(services.reopen)

    @extend_schema(request=SeveritySerializer, responses=IncidentSerializer)
    @action(detail=True, methods=["post"])
    def severity(self, request: Request, number: int) -> Response:
        form = SeveritySerializer(data=request.data)
        form.is_valid(raise_exception=True)
        incident = self.get_object()
        services.change_severity(
            incident, by=person(request), at=clock.now(), **form.validated_data
        )
        return self._answer(incident)

    @extend_schema(request=ImpactSerializer, responses=IncidentSerializer)
    @action(detail=True, methods=["post"])
    def impact(self, request: Request, number: int) -> Response:
        """Whether customers feel it: a person knows better than the list of services."""
        form = ImpactSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        incident, felt = self.get_object(), form.validated_data["customer_impact"]
        stakeholders.customer_impact(incident, felt, by=person(request), at=clock.now())
        return self._answer(incident)

    @once
    @extend_schema(request=NoteSerializer, responses={201: EventSerializer})
    @action(detail=True, methods=["post"])
    def notes(self, request: Request, number: int) -> Response:
        form = NoteSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        incident = self.get_object()
        with transaction.atomic():
            services.note(incident, by=person(request), at=clock.now(), **form.validated_data)
            event = incident.timeline.latest("seq")
        return Response(EventSerializer(event).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        parameters=[
            OpenApiParameter("show", str, enum=[*Show]),
            OpenApiParameter(
                "merged", bool, description="along with what happened to those merged into it"
            ),
        ],
        responses=EventSerializer(many=True),
    )
    @action(detail=True)
    def timeline(self, request: Request, number: int) -> Response:
        """The events, oldest first; each with its place and hash in the chain of its incident."""
        pages, show = Pages(), story.asked(request.query_params.get("show", ""))
        incident = self.get_object()
        pinned = incident.pinned
        events = incident.timeline.shown(show, pinned=pinned).order_by("seq")
        if request.query_params.get("merged") == "true":
            events = with_merged(incident, show, pinned=pinned)
        found = pages.paginate_queryset(events, request)
        said = {"pinned": {(incident.pk, seq) for seq in pinned}}
        told = EventSerializer(found or [], many=True, context=said)
        return pages.get_paginated_response(told.data)

    @extend_schema(request=MergeSerializer, responses=IncidentSerializer)
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, number: int) -> Response:
        """It is a duplicate of another open incident, and goes on there."""
        form = MergeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        incident = self.get_object()
        services.merge(incident, by=person(request), at=clock.now(), **form.validated_data)
        return self._answer(incident)

    @extend_schema(request=None, responses=IncidentSerializer)
    @action(detail=True, methods=["post"])
    def unmerge(self, request: Request, number: int) -> Response:
        return self._moved(services.unmerge)

    @once
    @extend_schema(request=MoveSerializer, responses=IncidentSerializer)
    @action(detail=True, methods=["post"], url_path="alerts/<int:alert>/move")
    def move_alert(self, request: Request, number: int, alert: int) -> Response:
        """To another open incident, or, with null, to a new one; which is the answer."""
        form = MoveSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        home = services.move_alert(
            self.get_object(), alert, by=person(request), at=clock.now(), **form.validated_data
        )
        return self._answer(home)

    @extend_schema(responses=SimilarSerializer(many=True))
    @action(detail=True, pagination_class=None)
    def similar(self, request: Request, number: int) -> Response:
        """What happened before and was like this, the likest first, and why."""
        found = similar(self.get_object())
        incidents = [each.incident for each in found]
        prefetch_related_objects(incidents, "acknowledged_by", "roles__user")
        why = {each.why.number: each.why for each in found}
        told = SimilarSerializer(incidents, many=True, context={"request": request, "why": why})
        return Response(told.data)

    @extend_schema(request=None, responses={204: None}, methods=["PUT", "DELETE"])
    @action(detail=True, methods=["put", "delete"], url_path="pins/<int:seq>")
    def pins(self, request: Request, number: int, seq: int) -> Response:
        """Mark a moment of the timeline as a key moment, or take the mark away."""
        change = services.pin if request.method == "PUT" else services.unpin
        change(self.get_object(), seq, by=person(request), at=clock.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _moved(self, service: Callable[..., Any]) -> Response:
        incident = self.get_object()
        service(incident, by=person(self.request), at=clock.now())
        return self._answer(incident)

    def _answer(self, incident: Incident, code: int = status.HTTP_200_OK) -> Response:
        fresh = self.get_queryset().get(pk=incident.pk)
        return Response(self.get_serializer(fresh).data, status=code)
