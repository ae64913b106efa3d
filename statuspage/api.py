"""What customers are told, by the API: read, drafted and published; components and how they are."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar, Final

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from incidents.models import Incident
from statuspage import services
from statuspage.domain.phases import Phase
from statuspage.domain.states import State, worst
from statuspage.forms import SAID
from statuspage.models import (
    Affected,
    Component,
    ImpactName,
    Interval,
    KindName,
    Notice,
    PhaseName,
    StateName,
    Update,
)
from teams.api import person
from teams.api_once import once
from teams.domain.roles import Action

DRAFTED: Final = ["title_ko", "title_en", "impact_override", "draft_ko", "draft_en"]
SAYABLE: Final = [one for one in PhaseName.choices if one[0] != Phase.MERGED]
VERSION: Final = "the one you have read; another is refused (409), and nothing has changed"


class ComponentSerializer(serializers.ModelSerializer[Component]):
    id = serializers.CharField(source="public_id", read_only=True)
    group = serializers.CharField(source="group.public_id", default=None, read_only=True)
    services = serializers.SlugRelatedField("slug", many=True, read_only=True)  # type: ignore[var-annotated]
    state = serializers.SerializerMethodField(
        help_text="the worst that anybody says of it; said by updates of notices, and by incidents"
    )

    class Meta:
        model = Component
        fields = ["id", "name_ko", "name_en", "description_ko", "description_en", "group", "services",
                  "position", "since", "state"]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(StateName.choices))
    def get_state(self, component: Component) -> str:
        return worst(State(one.state) for one in component.intervals.all())


class SaidSerializer(serializers.ModelSerializer[Update]):
    id = serializers.CharField(source="public_id", read_only=True)
    by = serializers.CharField(
        source="by.username", default=None, read_only=True, help_text="null: Bongsu"
    )

    class Meta:
        model = Update
        fields = ["id", "phase", "body_ko", "body_en", "at", "by", "told"]
        read_only_fields = fields


class AffectedSerializer(serializers.ModelSerializer[Affected]):
    id = serializers.CharField(source="component.public_id", read_only=True)

    class Meta:
        model = Affected
        fields = ["id", "state"]
        read_only_fields = fields


class NoticeSerializer(serializers.ModelSerializer[Notice]):
    id = serializers.CharField(source="public_id", read_only=True)
    version = serializers.SerializerMethodField(help_text="to be sent with what changes it")
    incident = serializers.IntegerField(
        source="incident_id", read_only=True, allow_null=True, help_text="its number"
    )
    impact = serializers.ChoiceField(
        ImpactName.choices, source="said_impact", read_only=True, help_text="as customers read it"
    )
    derived_impact = serializers.ChoiceField(
        ImpactName.choices, source="impact", read_only=True, help_text="of its components, at worst"
    )
    override_by = serializers.CharField(
        source="override_by.username",
        default=None,
        read_only=True,
        help_text="of `impact_override`",
    )
    merged_into = serializers.CharField(
        source="merged_into.public_id", default=None, read_only=True, help_text="where it is told"
    )
    components = AffectedSerializer(source="affected", many=True, read_only=True)
    updates = SaidSerializer(many=True, read_only=True, help_text="the newest first")
    url = serializers.SerializerMethodField(help_text="in the portal")

    class Meta:
        model = Notice
        fields = [
            "id", "version", "kind", "incident", "title_ko", "title_en", "phase", "impact", "derived_impact",
            "impact_override", "override_by", "override_at",
            "draft_ko", "draft_en", "started_at", "published_at", "resolved_at", "next_update_by",
            "scheduled_for", "scheduled_until", "merged_into", "components", "updates", "url",
        ]  # fmt: skip
        read_only_fields = fields

    def get_version(self, notice: Notice) -> str:
        return notice.updated_at.isoformat()

    def get_url(self, notice: Notice) -> str:
        return f"/notices/{notice.public_id}/"


class BeginSerializer(serializers.Serializer[Any]):
    incident = serializers.PrimaryKeyRelatedField(queryset=Incident.objects.all())


class DraftingSerializer(serializers.ModelSerializer[Notice]):
    """What is left out stays as it is. Customers see none of it until it is published, but an impact of what is."""

    version = serializers.CharField(max_length=40, help_text=VERSION)

    class Meta:
        model = Notice
        fields = ["version", *DRAFTED]
        extra_kwargs: ClassVar = {name: {"required": False} for name in DRAFTED}


class UpdateSerializer(serializers.Serializer[Any]):
    version = serializers.CharField(max_length=40, required=False, help_text=VERSION)
    phase = serializers.ChoiceField(SAYABLE)
    body_ko = serializers.CharField(max_length=10_000, default="", allow_blank=True)
    body_en = serializers.CharField(
        max_length=10_000, default="", allow_blank=True, help_text="neither: what is drafted"
    )
    components = serializers.DictField(
        child=serializers.ChoiceField(SAID), required=False,
        help_text="all that are affected, by id, and how; none: as before",
    )  # fmt: skip
    told = serializers.BooleanField(default=True, help_text="whether subscribers hear of it")
    next_update_minutes = serializers.IntegerField(
        min_value=1, max_value=7 * 24 * 60, required=False,
        help_text="customers read by when; none: as the severity has it",
    )  # fmt: skip


class ComponentViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Component]
):
    serializer_class = ComponentSerializer
    queryset = Component.objects.select_related("group").prefetch_related(
        "services", Prefetch("intervals", Interval.objects.open())
    )
    lookup_field = "public_id"
    lookup_value_converter = "slug"


class NoticeViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Notice]
):
    serializer_class = NoticeSerializer
    lookup_field = "public_id"
    lookup_value_converter = "slug"
    needs: ClassVar = dict.fromkeys(("create", "partial_update", "updates"), Action.COMMAND)
    queryset = Notice.objects.all()

    def get_queryset(self) -> QuerySet[Notice]:
        rows = Notice.objects.select_related("merged_into", "override_by")
        said = Update.objects.select_related("by")
        affected = Affected.objects.select_related("component").order_by("component")
        return rows.prefetch_related(Prefetch("updates", said), Prefetch("affected", affected))

    @extend_schema(
        parameters=[
            OpenApiParameter("kind", str, enum=KindName.values),
            OpenApiParameter("going_on", bool, description="only what is not over"),
        ]
    )
    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Drafts too; the newest first."""
        return super().list(request, *args, **kwargs)

    def filter_queryset(self, queryset: Any) -> Any:
        asked = self.request.query_params if self.action == "list" else {}
        if kind := asked.get("kind"):
            queryset = queryset.filter(kind=kind)
        return queryset.going_on() if asked.get("going_on") == "true" else queryset

    @once
    @extend_schema(request=BeginSerializer, responses={201: NoticeSerializer})
    def create(self, request: Request) -> Response:
        """The draft of an incident; it may have one already."""
        said = BeginSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        made = services.begin(said.validated_data["incident"])
        return self._shown(made.public_id, status.HTTP_201_CREATED)

    @extend_schema(request=DraftingSerializer, responses={200: NoticeSerializer})
    def partial_update(self, request: Request, public_id: str) -> Response:
        said = DraftingSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        notice, typed = self.get_object(), dict(said.validated_data)
        seen = typed.pop("version")
        kept = {name: getattr(notice, name) for name in DRAFTED}
        services.keep(notice, kept | typed, seen=seen, by=person(request), at=clock.now())
        return self._shown(public_id)

    @once
    @extend_schema(request=UpdateSerializer, responses={201: NoticeSerializer})
    @action(detail=True, methods=["post"])
    def updates(self, request: Request, public_id: str) -> Response:
        """A word to customers: it stands on the page within seconds. The first one publishes the notice."""
        said = UpdateSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        notice = self.get_object()
        typed = {name: getattr(notice, name) for name in DRAFTED}
        seen = said.validated_data.get("version") or notice.updated_at.isoformat()
        services.publish(
            notice, typed, words(notice, said.validated_data), seen=seen, by=person(request),
            at=clock.now(),
        )  # fmt: skip
        return self._shown(public_id, status.HTTP_201_CREATED)

    def _shown(self, public_id: str, code: int = status.HTTP_200_OK) -> Response:
        found = self.get_queryset().get(public_id=public_id)
        return Response(NoticeSerializer(found).data, status=code)


def words(notice: Notice, said: Mapping[str, Any]) -> services.Words:
    korean, english = said["body_ko"], said["body_en"]
    if not (korean.strip() or english.strip()):
        korean, english = notice.draft_ko, notice.draft_en
    minutes = said.get("next_update_minutes")
    return services.Words(
        Phase(said["phase"]), korean, english, states_of(said.get("components")), said["told"],
        timedelta(minutes=minutes) if minutes else None,
    )  # fmt: skip


def states_of(said: Mapping[str, str] | None) -> dict[Component, State] | None:
    if said is None:
        return None
    found = {one.public_id: one for one in Component.objects.filter(public_id__in=said)}
    if missing := sorted(set(said) - set(found)):
        raise serializers.ValidationError({"components": [f"Unknown: {missing[0][:40]}"]})
    return {found[key]: State(state) for key, state in said.items()}
