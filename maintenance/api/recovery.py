"""Disaster recovery for machines: what was promised, what is measured, and what each site lacks."""

from collections.abc import Iterator
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core import clock
from maintenance.domain.continuity.points import Loss
from maintenance.domain.continuity.readiness import Finding, State
from maintenance.services import assess
from maintenance.services.assessing import Assessed, Continuity

STATES = [(one.name.lower(), one.name.lower()) for one in State]


class RecoveryFindingSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    state = serializers.ChoiceField(STATES)
    says = serializers.CharField()
    do = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField(allow_null=True, help_text="when the evidence was gathered")


class RecoverySiteSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    serves = serializers.BooleanField()
    capacity_percent = serializers.IntegerField()
    ready_within_seconds = serializers.FloatField()
    state = serializers.ChoiceField(STATES, help_text="of the site that serves: nothing is judged")
    load_percent = serializers.FloatField()
    sheds = serializers.ListField(
        child=serializers.CharField(), help_text="services, the most important first"
    )
    findings = RecoveryFindingSerializer(many=True)


class RecoveryPointSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(help_text="of the data")
    loss = serializers.ChoiceField([(one.value, one.value) for one in Loss])
    copy = serializers.CharField(allow_blank=True)
    lost_seconds = serializers.FloatField(allow_null=True, help_text="at most; null: nothing would be left")  # fmt: skip


class RecoverySerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    rpo_seconds = serializers.FloatField()
    rto_seconds = serializers.FloatField()
    points = RecoveryPointSerializer(many=True)
    sites = RecoverySiteSerializer(many=True)


class RecoveryView(APIView):
    """What would be lost now, and whether another site could take over."""

    @extend_schema(responses=RecoverySerializer)
    def get(self, request: Request) -> Response:
        found = assess(at=clock.database_now())
        return Response(RecoverySerializer(_told(found)).data)


def _told(found: Continuity) -> dict[str, Any]:
    return {
        "at": found.at,
        "rpo_seconds": found.targets.rpo.total_seconds(),
        "rto_seconds": found.targets.rto.total_seconds(),
        "points": list(_points(found)),
        "sites": [_site(one) for one in found.sites],
    }


def _points(found: Continuity) -> Iterator[dict[str, Any]]:
    for loss in Loss:
        for data, point in found.point(loss):
            lost = point.age(found.at).total_seconds() if point else None
            yield {
                "name": data, "loss": loss.value, "copy": point.name if point else "",
                "lost_seconds": lost,
            }  # fmt: skip


def _site(one: Assessed) -> dict[str, Any]:
    fit = one.facts.fit
    return {
        "slug": one.site.slug, "name": one.site.name, "serves": one.site.serves,
        "capacity_percent": one.site.capacity_percent,
        "ready_within_seconds": one.site.ready_within.total_seconds(),
        "state": one.state.name.lower(),
        "load_percent": fit.load if fit else 0.0,
        "sheds": [it.service for it in fit.shed] if fit and not one.site.serves else [],
        "findings": [_finding(it) for it in one.findings],
    }  # fmt: skip


def _finding(one: Finding) -> dict[str, Any]:
    return {
        "name": one.name, "state": one.state.name.lower(), "says": str(one.says),
        "do": str(one.do or ""), "at": one.at,
    }  # fmt: skip
