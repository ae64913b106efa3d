"""What was paid for and never came: counted as spent, told, and its market set aside until a person clears it."""

from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core import clock
from core.errors import Refused
from core.money import trx
from core.told import Told
from energy.models import Purchase, PurchaseState
from energy.services.telling import SERVICE
from incidents.models import Incident
from incidents.services import timeline
from incidents.services.timeline import Entry
from monitoring.domain.alerts import Signal
from monitoring.services import in_each_language, tell
from runbooks.domain.actions import Outcome
from teams.models import User

SEVERITY: Final = "P2"  # the shortage has an alert of its own; this one is about the money


def never_came(row: Purchase) -> Outcome:
    """The same again for whoever died before the action was ended."""
    at = clock.database_now()
    ended = {"state": PurchaseState.NEVER_CAME, "ended_at": at, "paid_sun": row.paid_sun}
    with transaction.atomic():
        rows = Purchase.objects.filter(pk=row.pk, ended_at=None)
        if rows.update(**ended):
            tell([_lost(row)], at=at)
        else:
            row.refresh_from_db()
    return Outcome.lost(_text(row), sun=row.paid_sun, energy=0, order=row.order_id)


def clear(row: Purchase, *, by: User, note: str, at: datetime) -> None:
    """The market has paid it back, or nobody waits for that any more. Raises Refused."""
    with transaction.atomic():
        incident = None
        if row.action.incident_id is not None:
            incident = Incident.objects.select_for_update().get(pk=row.action.incident_id)
        cleared = {"cleared_at": at, "cleared_by": by, "cleared_note": note}
        if not Purchase.objects.owed().filter(pk=row.pk).update(**cleared):
            raise Refused(_("Somebody else has cleared it already."))
        tell([Signal(key=_key(row), title=row.provider, resolved=True)], at=at)
        if incident is not None:
            data = {"market": row.provider, "trx": trx(row.paid_sun), "text": note}
            timeline.append(incident, Entry("energy_cleared", at, by=by, data=data))


def _text(row: Purchase) -> Told:
    facts = {"trx": trx(row.paid_sun), "market": row.provider}
    if row.order_id:
        words = gettext_noop(
            "%(trx)s paid to %(market)s, and the chain shows nothing: ask for the money."
        )
    else:
        words = gettext_noop(
            "%(market)s never answered: %(trx)s count as paid. Ask what became of the order."
        )
    return Told(words, **facts)


@in_each_language
def _lost(row: Purchase) -> Signal:
    wallet = row.wallet
    title = _("%(market)s: paid %(trx)s, and no energy came") % {
        "market": row.provider,
        "trx": trx(row.paid_sun),
    }
    description = _(
        "%(energy)s energy for %(wallet)s, order %(order)s. Nothing is bought from this market until "
        "somebody clears it with them."
    ) % {
        "energy": f"{row.energy:,}",
        "wallet": wallet.name,
        "order": row.order_id or row.action.key,
    }
    return Signal(
        key=_key(row),
        title=title,
        description=description,
        severities=[SEVERITY],
        service=wallet.service.slug if wallet.service else SERVICE,
        group=f"energy:market:{row.provider}",
        labels={
            "alertname": "energy_never_came",
            "wallet": wallet.name,
            "market": row.provider,
        },
        started_at=row.asked_at,
        url=f"{settings.BASE_URL}{wallet.get_absolute_url()}",
    )


def _key(row: Purchase) -> str:
    return f"energy:market:{row.provider}:{row.pk}"
