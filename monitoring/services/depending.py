"""Alerts of what stands on a service that is down: kept, shown as such, and calling nobody."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery

from monitoring.domain.alerts import KEEP_ONLY
from monitoring.domain.dependence import AFTERMATH, Trouble, cause_of
from monitoring.domain.quiet import Facts
from monitoring.models import Alert
from monitoring.services.routing import direct
from monitoring.services.storing import hold
from teams.domain.dependence import Graph, depths
from teams.models import Service
from teams.queries import services_named

Known = Sequence[tuple[Alert, Facts]]


def causes_of(calling: Known, graph: Graph, *, at_home: Collection[int]) -> dict[int, int | None]:
    """By alert, the one because of which it need not call. Those at home in an incident have called."""
    asking = [
        (alert, facts.service)
        for alert, facts in calling
        if facts.service in graph and alert.pk not in at_home and alert.severity != KEEP_ONLY
    ]
    below = {service for _, asked in asking if asked for service in depths(asked, graph)}
    if not below:
        return {}
    came = {alert.pk for alert, _ in calling}
    troubles = [*_troubles(calling), *_standing(below, apart_from=came)]
    found = {
        alert.pk: cause_of(service, alert.severity, troubles, graph)
        for alert, service in asking
        if service
    }
    return {alert: cause for alert, cause in found.items() if cause}


def _troubles(known: Known) -> Iterable[Trouble]:
    for alert, facts in known:
        if facts.service and alert.severity != KEEP_ONLY:
            yield Trouble(alert.pk, facts.service, alert.severity)


def _standing(services: Collection[int], *, apart_from: Collection[int]) -> Iterable[Trouble]:
    """Alerts read before that call: the oldest of each kind, for a storm may have thousands.

    A route may have sent one to a service that the sender never named.
    """
    rows = Service.objects.filter(pk__in=services)
    names = {name for row in rows for name in (row.slug, row.name_ko, row.name_en)}
    kinds = ["service", "severity", "route_id", "integration_id"]
    named = Q(service__in=names) | Q(route__isnull=False)
    lent = Q(service="", integration__default_service__in=services)
    calling = Alert.objects.open().filter(named | lent, muted_until=None).exclude(pk__in=apart_from)
    oldest = calling.order_by(*kinds, "pk").distinct(*kinds)
    alerts = list(oldest.select_related("integration__default_service"))
    direct(alerts)
    known = services_named({alert.service for alert in alerts if alert.service})
    for alert in alerts:
        service = known.get(alert.service) or alert.integration.default_service
        if service:
            yield Trouble(alert.pk, service.pk, alert.severity)


def release_due(*, at: datetime) -> None:
    """Their cause is over: what stood on it may take a moment to follow, then it calls."""
    over = F("because_of__resolved_at") + AFTERMATH
    with transaction.atomic():
        late = hold(Alert.objects.open().filter(muted_until__gt=over), of=("self",))
        if late:
            ended = Alert.objects.filter(pk=OuterRef("because_of")).values("resolved_at")
            Alert.objects.filter(pk__in=list(late)).update(muted_until=Subquery(ended) + AFTERMATH)
