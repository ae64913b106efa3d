"""While all withdrawals of a wallet are held, customers wait for them: the service it pays for is affected."""

from datetime import datetime

from django.db import transaction

from energy.models import Response
from incidents.services import correct, relieve
from runbooks.domain.actions import State
from teams.models import Service


def note(response: Response, *, at: datetime) -> None:
    """Once when they are held, once when they go again; what people say of it in between stays."""
    holding = response.pauses.open().filter(whole=True, action__state=State.CONFIRMED)
    affects = response.wallet.pays if holding.exists() else None
    if (affects is None) == (response.affects is None):
        return
    with transaction.atomic():
        rows = Response.objects.open().select_for_update(of=("self",))
        held = rows.filter(pk=response.pk, affects=response.affects).first()
        if held is not None:
            _move(held, affects, at)
            response.affects = held.affects


def _move(response: Response, affects: Service | None, at: datetime) -> None:
    incident = response.incident and (response.incident.merged_into or response.incident)
    if incident is None:
        return
    known = list(incident.services.all())
    if affects is None and response.affects is not None:
        relieve(incident, response.affects, at=at)
    elif affects in known:
        return  # somebody has said so, and will say when it is over
    elif affects is not None:
        correct(incident, by=None, at=at, services=[*known, affects])
    response.affects = affects
    response.save(update_fields=["affects"])
