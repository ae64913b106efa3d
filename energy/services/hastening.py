"""Wallets that are read sooner while their trouble is open, whatever their level says by now."""

from datetime import datetime

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from energy.models import Response, Role, Wallet
from energy.services.telling import SERVICE
from incidents.models import Incident, LinkedAlert


def hasten(*, at: datetime) -> int:
    """Those that would be read later than their hasty period after their last reading."""
    calm = Wallet.objects.filter(enabled=True, due_at__gt=Value(at) + F("hasty_period"))
    soon = F("due_at") - F("period") + F("hasty_period")
    return _in_trouble(calm).update(due_at=soon)


def _in_trouble(wallets: QuerySet[Wallet]) -> QuerySet[Wallet]:
    """Short, in an incident, or about to be asked for help: what is planned is planned by their readings."""
    group = Concat(Value("energy:"), Cast("pk", CharField()))
    responses, incidents = Response.objects.open(), Incident.objects.open()
    by_alert = LinkedAlert.objects.filter(
        Q(incident__in=incidents) | Q(incident__merged_into__in=incidents),
        alert__group=OuterRef("group"),
    )
    return wallets.alias(group=group).filter(
        Exists(responses.filter(wallet=OuterRef("pk")))
        | Q(Exists(responses), role=Role.TREASURY)
        | Exists(by_alert)
        | Exists(incidents.filter(services__slug=SERVICE))
    )
