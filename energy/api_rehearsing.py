"""A dry run by the API: what would be done, in codes and numbers."""

from typing import Any, Final

from rest_framework import serializers

from energy.domain.states import Level
from energy.models import EnergyPolicy
from energy.services.rehearsing import Line, Rehearsal

SHORTAGES: Final = [(level.name, level.name) for level in (Level.EMERGENCY, Level.CRITICAL)]
SUN: Final = "in sun: 1 TRX is 1,000,000"


class AskSerializer(serializers.Serializer[Any]):
    level = serializers.ChoiceField(choices=SHORTAGES)
    policy = serializers.PrimaryKeyRelatedField(
        queryset=EnergyPolicy.objects.all(),
        default=None,
        allow_null=True,
        help_text="its version; null: the one that holds",
    )


class LineSerializer(serializers.Serializer[Line]):
    turn = serializers.IntegerField(
        help_text="those of one together; the next for what is missing still"
    )
    lever = serializers.CharField(source="step.lever")
    title = serializers.CharField(source="foretold.action")
    kind = serializers.CharField(source="foretold.action.kind")
    sun = serializers.IntegerField(source="step.sun", help_text=f"paid, staked or lent, {SUN}")
    energy = serializers.IntegerField(source="step.energy", help_text="expected")
    provider = serializers.CharField(source="step.provider")
    helper = serializers.IntegerField(source="step.helper", help_text="the wallet it is of, or 0")
    rail = serializers.CharField()
    why = serializers.CharField(source="step.why")
    decided = serializers.CharField(
        source="foretold.decided",
        help_text="go, shadow (only decided), or why its limits would hold it back",
    )
    people = serializers.IntegerField(source="foretold.people", help_text="who approve first")


class OfferSerializer(serializers.Serializer[Any]):
    provider = serializers.CharField()
    energy = serializers.IntegerField()
    total_sun = serializers.IntegerField()


class RehearsalSerializer(serializers.Serializer[Rehearsal]):
    level = serializers.CharField(source="level.name")
    policy = serializers.IntegerField(source="response.policy_id", help_text="its version")
    read_at = serializers.DateTimeField(source="reading.at")
    left = serializers.IntegerField(source="reading.left")
    limit = serializers.IntegerField(source="reading.limit")
    supposed = serializers.BooleanField(help_text="so little is left, although more is")
    missing = serializers.IntegerField(source="plan.missing")
    still_missing = serializers.IntegerField(
        source="plan.still_missing", help_text="when all of it is done"
    )
    steps = LineSerializer(source="lines", many=True)
    unused = serializers.DictField(
        child=serializers.CharField(), help_text="levers that would not be used, and why"
    )
    offers = OfferSerializer(source="situation.offers", many=True)
    energy_fee_sun = serializers.IntegerField(
        source="situation.energy_fee_sun", help_text="of burning, per energy"
    )
