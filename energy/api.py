from typing import Any

from django.db.models import Prefetch
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from energy.api_rehearsing import AskSerializer, RehearsalSerializer
from energy.domain.responses import Result
from energy.domain.states import Level, State
from energy.models import Reading, ReadingQuerySet, Role, Step, Wallet
from energy.models import Response as EnergyResponse
from energy.screens.rows import Row, rows_of
from energy.services import rehearse
from teams.domain.roles import Action as May


class EnergyReadingSerializer(serializers.ModelSerializer[Reading]):
    wallet = serializers.IntegerField(source="wallet_id", read_only=True)
    valid = serializers.BooleanField(read_only=True)
    left = serializers.IntegerField(read_only=True, help_text="energy, never below 0")
    percent = serializers.FloatField(
        read_only=True, allow_null=True, help_text="null without capacity or measurement"
    )

    class Meta:
        model = Reading
        fields = [
            "id", "wallet", "at", "valid", "fault", "detail", "head_number", "head_at", "used",
            "limit", "left", "percent", "window", "burned", "balance_sun", "staked_sun",
            "delegated_out_sun", "delegated_in_sun", "unfreezing_sun", "unfreezing_ends_at",
            "energy_fee_sun",
        ]  # fmt: skip
        read_only_fields = fields


class WalletSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="wallet.pk")
    name = serializers.CharField(source="wallet.name")
    address = serializers.CharField(source="wallet.address")
    role = serializers.ChoiceField(source="wallet.role", choices=Role.choices)
    enabled = serializers.BooleanField(source="wallet.enabled")
    state = serializers.ChoiceField(choices=[state.value for state in State])
    confirmed = serializers.SerializerMethodField(
        help_text="what the last two readings agree on, both valid"
    )
    seen_at = serializers.DateTimeField(source="wallet.seen_at", help_text="last valid reading")
    transfers_left = serializers.IntegerField(source="transfers")
    used_per_hour_p50 = serializers.FloatField(source="pace.p50", default=None, allow_null=True)
    used_per_hour_p90 = serializers.FloatField(source="pace.p90", default=None, allow_null=True)
    runway_p50 = serializers.SerializerMethodField(help_text="seconds; null: over two days")
    runway_p90 = serializers.SerializerMethodField(help_text="seconds; null: over two days")
    runway_short = serializers.BooleanField(
        source="wallet.lasts_short", help_text="an alert is open: it lasts shorter than it should"
    )
    left_without_rentals = serializers.IntegerField(
        source="rental.left", default=None, allow_null=True,
        help_text="energy, an hour after all that is rented has gone; null: nothing is rented",
    )  # fmt: skip
    reading = EnergyReadingSerializer(allow_null=True)

    def get_confirmed(self, row: Row) -> str:
        return Level(row.wallet.confirmed).name

    def get_runway_p50(self, row: Row) -> float | None:
        return None if row.p50 is None else row.p50.total_seconds()

    def get_runway_p90(self, row: Row) -> float | None:
        return None if row.p90 is None else row.p90.total_seconds()


class WalletViewSet(viewsets.GenericViewSet[Wallet]):
    """How each watched wallet stands. Wallets are kept in the console."""

    queryset = Wallet.objects.select_related("last")
    serializer_class = WalletSerializer
    needs = {"dry_run": May.COMMAND}

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.get_queryset().order_by("pk"))
        rows = sorted(rows_of(list(page or []), at=clock.now()), key=lambda row: row.wallet.pk)
        return self.get_paginated_response(WalletSerializer(rows, many=True).data)

    def retrieve(self, request: Request, pk: str) -> Response:
        rows = rows_of([self.get_object()], at=clock.now())
        return Response(WalletSerializer(rows[0]).data)

    @extend_schema(request=AskSerializer, responses=RehearsalSerializer)
    @action(detail=True, methods=["post"], url_path="dry-run")
    def dry_run(self, request: Request, pk: str) -> Response:
        """What a shortage would be answered by now: markets are asked for prices, and nothing is done.

        409 when the wallet is not measured, or no shortage of it is answered.
        """
        asked = AskSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        level, policy = Level[asked.validated_data["level"]], asked.validated_data["policy"]
        found = rehearse(self.get_object(), level, policy=policy, at=clock.now())
        return Response(RehearsalSerializer(found).data)


class ReadingViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Reading]
):
    serializer_class = EnergyReadingSerializer
    queryset = Reading.objects.all()

    @extend_schema(parameters=[OpenApiParameter("wallet", int, description="only its readings")])
    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().list(request, *args, **kwargs)

    def filter_queryset(self, queryset: Any) -> Any:
        asked: ReadingQuerySet = queryset
        wallet = self.request.query_params.get("wallet", "")
        return asked.filter(wallet=int(wallet)) if wallet.isdecimal() else asked


class StepSerializer(serializers.ModelSerializer[Step]):
    result = serializers.ChoiceField(choices=[one.value for one in Result], read_only=True)
    helper = serializers.IntegerField(source="helper_id", read_only=True, allow_null=True)
    action = serializers.IntegerField(
        source="action_id",
        read_only=True,
        allow_null=True,
        help_text="null: the lever was not used",
    )
    text = serializers.CharField(source="action.text", default="", read_only=True)

    class Meta:
        model = Step
        fields = [
            "id", "round", "lever", "why", "result", "sun", "energy", "provider", "rail", "helper",
            "action", "text", "unrisen_at", "risen_at", "waived_at",
        ]  # fmt: skip
        read_only_fields = fields


class EnergyResponseSerializer(serializers.ModelSerializer[EnergyResponse]):
    wallet = serializers.IntegerField(source="wallet_id", read_only=True)
    incident = serializers.IntegerField(source="incident_id", read_only=True, allow_null=True)
    level = serializers.CharField(source="name", read_only=True, help_text="the gravest so far")
    steps = StepSerializer(many=True, read_only=True)

    class Meta:
        model = EnergyResponse
        fields = [
            "id", "wallet", "incident", "level", "status", "shadow", "began_at", "missing",
            "reported_at", "estimate_seconds", "recovered_at", "ended_at", "steps",
        ]  # fmt: skip
        read_only_fields = fields


class EnergyResponseViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[EnergyResponse]
):
    """What was done about shortages, the newest first, with every step and what came of it."""

    serializer_class = EnergyResponseSerializer
    queryset = EnergyResponse.objects.prefetch_related(
        Prefetch("steps", Step.objects.with_results())
    )

    @extend_schema(parameters=[OpenApiParameter("wallet", int, description="only its responses")])
    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().list(request, *args, **kwargs)

    def filter_queryset(self, queryset: Any) -> Any:
        wallet = self.request.query_params.get("wallet", "")
        return queryset.filter(wallet=int(wallet)) if wallet.isdecimal() else queryset
