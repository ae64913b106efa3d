"""Incidents as the charts of a service's metrics mark them."""

from datetime import datetime
from typing import Final

from django.urls import reverse

from core.charts.shapes import Mark
from incidents.models import Incident
from monitoring.registry import happenings

SHOWN: Final = 100


@happenings.register("incidents")
class IncidentsOfService:
    def of_service(self, service: int, since: datetime, until: datetime) -> list[Mark]:
        """Those that began in this time, whether an alert opened them or a person."""
        rows = Incident.objects.filter(
            services=service, merged_into=None, detected_at__gte=since, detected_at__lt=until
        )
        found = rows.order_by("-detected_at").values_list("number", "severity", "detected_at")
        return [
            Mark(at, f"#{number}", severity.lower(), reverse("incidents:room", args=[number]))
            for number, severity, at in found[:SHOWN]
        ]
