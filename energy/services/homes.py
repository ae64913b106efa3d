"""The incident of a wallet's shortage: the one its alert has opened or joined, or one of our own."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from energy.domain.states import Level, Told
from energy.models import Response
from energy.services.telling import SERVICE, SEVERITIES, signal_of
from incidents.domain.intake import group_of
from incidents.models import Incident, LinkedAlert
from incidents.services.gate import close_gate
from incidents.services.opening import Draft, open_all
from incidents.services.policies import read_book
from teams.models import Service

PATIENCE: Final = timedelta(seconds=20)  # four ticks, in which an alert has become an incident
TOLD: Final = {Level.EMERGENCY: Told.EMERGENCY, Level.CRITICAL: Told.CRITICAL}


def settle_in(response: Response, *, at: datetime) -> Incident | None:
    """None: the alert is not there yet. One that is silenced never will be, and there is a shortage still."""
    found = _of_the_alert(response)
    if found is None and at >= response.began_at + PATIENCE:
        found = _own(response, at)
    if found is not None and found.pk != response.incident_id:
        Response.objects.filter(pk=response.pk, incident=None).update(incident=found)
        response.incident = found
    return found


def _of_the_alert(response: Response) -> Incident | None:
    """Not one of an earlier shortage that is over."""
    links = LinkedAlert.objects.filter(
        alert__key__startswith=f"energy:{response.wallet_id}:", alert__resolved_at=None
    )
    for link in links.select_related("incident", "incident__merged_into").order_by("-at"):
        incident = link.incident.merged_into or link.incident
        if incident.is_open:
            return incident
    return None


def _own(response: Response, at: datetime) -> Incident | None:
    wallet, told = response.wallet, TOLD[Level(response.level)]
    service = wallet.service or Service.objects.filter(slug=SERVICE).first()
    with transaction.atomic():
        close_gate()
        row = Response.objects.select_for_update().get(pk=response.pk)
        if row.incident is not None:
            return row.incident
        slug, drill = service.slug if service else "", wallet.in_drill(at)
        said = signal_of(wallet, told, wallet.last, at)
        draft = Draft(
            title=said.title, description=said.description, translations=said.translations,
            severity=SEVERITIES[told], at=at,
            services=[service] if service else [], started_at=response.began_at,
            group=group_of(slug, f"energy:{wallet.pk}", drill=drill), drill=drill,
        )  # fmt: skip
        [incident] = open_all([draft], book=read_book(at=at))
        Response.objects.filter(pk=row.pk).update(incident=incident)
    return incident
