"""The console's first page: what an administrator would ask first, each with the way to it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from incidents.models import Incident
from monitoring.models import Alert, Payload
from notifications.models import Delivery, State
from teams.models import Service


@dataclass(frozen=True)
class Card:
    title: str
    count: int
    note: str
    link: str
    alarming: bool


def overview(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    day = clock.now() - timedelta(days=1)
    failed = Delivery.objects.filter(state=State.FAILED, created_at__gt=day).count()
    refused = Payload.objects.exclude(error="").filter(received_at__gt=day).count()
    cards = [
        _card(_("Open incidents"), Incident.objects.open().count(), "incidents_incident", ""),
        _card(_("Firing alerts"), Alert.objects.open().count(), "monitoring_alert", ""),
        _card(_("Failed deliveries"), failed, "notifications_delivery", "?state__exact=failed", bad=failed > 0, note=_("last 24 hours")),
        _card(_("Waiting deliveries"), Delivery.objects.undone().count(), "notifications_delivery", "?state__exact=pending"),
        _card(_("Refused payloads"), refused, "monitoring_payload", "?error__isempty=0", bad=refused > 0, note=_("last 24 hours")),
        _card(_("Services to describe"), Service.objects.filter(discovered=True).count(), "teams_service", "?discovered__exact=1", note=_("named by an alert")),
    ]  # fmt: skip
    return context | {"cards": cards}


def _card(
    title: str, count: int, model: str, query: str, *, bad: bool = False, note: str = ""
) -> Card:
    return Card(title, count, note, reverse(f"admin:{model}_changelist") + query, bad)
