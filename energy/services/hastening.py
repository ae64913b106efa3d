"""Wallets that are read sooner while their trouble is open, the worst first and never more than the nodes bear."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from energy.domain.haste import Troubled, chosen
from energy.domain.states import Level
from energy.models import Response, Role, Wallet
from energy.services.telling import SERVICE
from incidents.models import Incident, LinkedAlert

FACTS = ("pk", "level", "failures", "role", "hasty_period", "last__used", "last__limit")


def hasten(*, at: datetime) -> int:
    """Those that would be read later than their hasty period after their last reading."""
    rows = _in_trouble(Wallet.objects.filter(enabled=True, hasty_period__lt=F("period")))
    nodes = 2 if settings.TRON_SECOND_NODE_URL else 1
    picked = chosen(
        map(_troubled, rows.values(*FACTS)), nodes=nodes, per_second=settings.ENERGY_HASTY_READINGS
    )
    late = Wallet.objects.filter(pk__in=picked, due_at__gt=Value(at) + F("hasty_period"))
    return late.update(due_at=F("due_at") - F("period") + F("hasty_period"))


def _troubled(row: Mapping[str, Any]) -> Troubled:
    """A treasury lends its energy away: it is no worse than an emergency. Nor is what is not known."""
    level, limit, used = Level(row["level"]), row["last__limit"], row["last__used"]
    if row["role"] == Role.TREASURY:
        return Troubled(row["pk"], Level.EMERGENCY, None, row["hasty_period"])
    if row["failures"]:
        return Troubled(row["pk"], max(level, Level.EMERGENCY), None, row["hasty_period"])
    percent = max(0, limit - used) * 100 / limit if limit else None
    return Troubled(row["pk"], level, percent, row["hasty_period"])


def _in_trouble(wallets: QuerySet[Wallet]) -> QuerySet[Wallet]:
    """Short, in an incident, or about to be asked for help: what is planned is planned by their readings."""
    group = Concat(Value("energy:"), Cast("pk", CharField()))
    responses, incidents = Response.objects.open(), Incident.objects.open()
    # Two questions: of one with both in it the database would read every alert there ever was.
    linked = LinkedAlert.objects.filter(alert__group=OuterRef("group"))
    return wallets.alias(group=group).filter(
        Q(level__gte=Level.EMERGENCY)
        | Q(failures__gt=0)
        | Exists(responses.filter(wallet=OuterRef("pk")))
        | Q(Exists(responses), role=Role.TREASURY)
        | Exists(linked.filter(incident__in=incidents))
        | Exists(linked.filter(incident__merged_into__in=incidents))
        | Exists(incidents.filter(services__slug=SERVICE))
    )
