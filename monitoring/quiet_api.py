"""What silences and maintenance windows have in common, by the API."""

from datetime import datetime
from typing import Any, Final

from django.utils.functional import Promise
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from core.errors import Refused
from monitoring import queries, services
from monitoring.models import QuietQuerySet, QuietTime

STATES: Final = ["active", "pending", "expired"]
QUIET: Final = [
    "state", "starts_at", "ends_at", "ended_early_at", "created_by", "created_at", "alerts",
]  # fmt: skip


class QuietSerializer(serializers.ModelSerializer[Any]):
    """Of a time of quiet; the context knows the moment and how many alerts each keeps quiet."""

    state = serializers.SerializerMethodField()
    ended_early_at = serializers.DateTimeField(source="expired_at", read_only=True)
    alerts = serializers.SerializerMethodField(help_text="that it keeps quiet now")

    @extend_schema_field(serializers.ChoiceField(choices=STATES))
    def get_state(self, row: QuietTime) -> str:
        at: datetime = self.context["at"]
        return row.state(at)

    def get_alerts(self, row: QuietTime) -> int:
        counts: dict[Any, int] = self.context["counts"]
        return counts.get(row.pk, 0)


class QuietViewSet(viewsets.GenericViewSet[Any]):
    over: Promise  # what to say to whoever ends what is over
    passed: Promise  # and to whoever takes back what would be over by now

    @extend_schema(parameters=[OpenApiParameter("state", str, enum=STATES)])
    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self._rows())) or []
        return self.get_paginated_response(self._shown(page, many=True))

    def retrieve(self, request: Request, pk: Any) -> Response:
        return Response(self._shown(self.get_object()))

    def _rows(self) -> QuietQuerySet:
        rows: QuietQuerySet = self.get_queryset()  # type: ignore[assignment]
        return rows

    def filter_queryset(self, queryset: QuietQuerySet) -> QuietQuerySet:  # type: ignore[override]
        """Those that begin last come first."""
        asked, at = self.request.query_params.get("state"), clock.now()
        if self.action == "list" and asked:
            if asked not in STATES:
                raise ValidationError({"state": [f"One of {', '.join(STATES)}."]})
            queryset = {
                "active": queryset.active, "pending": queryset.pending, "expired": queryset.over,
            }[asked](at)  # fmt: skip
        return queryset.order_by("-starts_at", "pk")

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: Any) -> Response:
        """End it now: what still fires is read again, and calls."""
        if not services.end_early(self.get_object(), at=clock.now()):
            raise Refused(str(self.over))
        return self.retrieve(request, pk)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: Any) -> Response:
        """It had not ended after all, as long as its time has not passed."""
        if not services.take_back(self.get_object(), at=clock.now()):
            raise Refused(str(self.passed))
        return self.retrieve(request, pk)

    def _shown(self, found: Any, *, many: bool = False) -> Any:
        counts = queries.quieted(found if many else [found])
        context = {"at": clock.now(), "counts": counts}
        return self.get_serializer_class()(found, many=many, context=context).data
