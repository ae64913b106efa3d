"""Guarded actions, by the API: read and decided. What may hurt is proposed by the product alone."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from runbooks import queries, services
from runbooks.api_halting import SUN, WhySerializer
from runbooks.domain.actions import State
from runbooks.models import Action, ActionQuerySet, Approval, Limits, StateName
from teams.access import factor_is_stale, lacks_second_factor
from teams.api import person
from teams.domain.roles import Action as May
from teams.models import ApiToken, User


class ApprovalSerializer(serializers.ModelSerializer[Approval]):
    username = serializers.CharField(source="person.username", read_only=True)
    name = serializers.CharField(source="person.name", read_only=True)

    class Meta:
        model = Approval
        fields = ["username", "name", "at"]
        read_only_fields = fields


class ActionSerializer(serializers.ModelSerializer[Action]):
    title = serializers.SerializerMethodField(help_text="what it does to what")
    kind_label = serializers.CharField(read_only=True, help_text="in the reader's language")
    state = serializers.ChoiceField(choices=StateName.choices, read_only=True)
    sun = serializers.IntegerField(read_only=True, help_text=SUN)
    incident = serializers.IntegerField(
        source="incident_id", read_only=True, allow_null=True, help_text="its number"
    )
    proposed_by = serializers.CharField(
        source="proposed_by.username", default=None, read_only=True, help_text="null: Bongsu"
    )
    ended_by = serializers.CharField(source="ended_by.username", default=None, read_only=True)
    waits_for = serializers.CharField(
        read_only=True, help_text="why it is held back, once approved; empty when it is not"
    )
    approvals = ApprovalSerializer(many=True, read_only=True)
    people_needed = serializers.SerializerMethodField(help_text="who have to approve it")
    expires_at = serializers.SerializerMethodField(help_text="null once it has begun or is over")
    parameters: Any = serializers.DictField(read_only=True)
    facts: Any = serializers.DictField(read_only=True)
    text = serializers.CharField(read_only=True, help_text="what came of it")

    class Meta:
        model = Action
        fields = [
            "id", "kind", "kind_label", "key", "title", "state", "sun", "incident", "parameters", "proposed_by",
            "proposed_at", "approvals", "people_needed", "waits_for", "expires_at", "began_at",
            "ended_at", "ended_by", "text", "facts",
        ]  # fmt: skip
        read_only_fields = fields

    def get_title(self, action: Action) -> str:
        return str(action)

    def get_people_needed(self, action: Action) -> int:
        return action.people_needed(self._limits(action).plain)

    def get_expires_at(self, action: Action) -> str | None:
        if not action.is_waiting:
            return None
        return (action.proposed_at + self._limits(action).valid_for).isoformat()

    def _limits(self, action: Action) -> Limits:
        known: dict[str, Limits] = self.context["limits"]
        return known.get(action.kind) or Limits(kind=action.kind)


class ActionViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Action]
):
    """Whatever may hurt outside: each is proposed, approved, and done once or not at all."""

    serializer_class = ActionSerializer
    lookup_value_converter = "int"
    needs = {"approve": May.COMMAND, "refuse": May.RESPOND}
    queryset = Action.objects.all()

    def get_queryset(self) -> Any:
        return queries.shown().order_by("-pk")

    def get_serializer_context(self) -> dict[str, Any]:
        limits = {row.kind: row for row in Limits.objects.all()}
        return {**super().get_serializer_context(), "limits": limits}

    @extend_schema(
        parameters=[
            OpenApiParameter("state", str, enum=[state.value for state in State]),
            OpenApiParameter("kind", str),
            OpenApiParameter("incident", int, description="its number"),
        ]
    )
    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        """The newest first."""
        return super().list(request, *args, **kwargs)

    def filter_queryset(self, queryset: ActionQuerySet) -> ActionQuerySet:  # type: ignore[override]
        if self.action != "list":
            return queryset
        asked = self.request.query_params
        if state := asked.get("state"):
            queryset = queryset.filter(state=state)
        if kind := asked.get("kind"):
            queryset = queryset.filter(kind=kind)
        incident = asked.get("incident", "")
        known = incident.isascii() and incident.isdigit() and len(incident) < 10
        return queryset.filter(incident=int(incident)) if known else queryset

    @extend_schema(request=None, responses=ActionSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: int) -> Response:
        """One person's approval, never whoever proposed it; the last needed one lets it begin.

        Where approvals need a second factor (`BONGSU_CONSOLE_MFA`) a token approves nothing, as it has none.
        """
        user = person(request)
        _second_factor(request, user)
        services.approve(self.get_object(), by=user, at=clock.now())
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=WhySerializer, responses=ActionSerializer)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: int) -> Response:
        """It is over, and nothing of it is done. 409 once it has begun or is over."""
        form = WhySerializer(data=request.data)
        form.is_valid(raise_exception=True)
        reason = form.validated_data["reason"]
        services.refuse(self.get_object(), by=person(request), at=clock.now(), reason=reason)
        return Response(self.get_serializer(self.get_object()).data)


def _second_factor(request: Request, user: User) -> None:
    by_token = isinstance(request.auth, ApiToken)
    if not lacks_second_factor(user, by_token=by_token):
        _fresh(request, by_token=by_token)
        return
    if by_token:
        raise PermissionDenied(
            _("An approval needs a second factor. A token has none: use the portal.")
        )
    raise PermissionDenied(_("An approval needs a second factor. Set one up in the portal first."))


def _fresh(request: Request, *, by_token: bool) -> None:
    if not by_token and factor_is_stale(request._request):
        raise PermissionDenied(
            _(
                "An approval needs a second factor given in the last five minutes: approve in the portal."
            )
        )
