"""What a response has staked is looked at again later: whoever led is reminded once, quietly, however late."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import DurationField, ExpressionWrapper, F, QuerySet, Value
from django.utils import translation
from django.utils.translation import gettext as _

from core.money import trx
from energy.domain.staking import UNSTAKED_AFTER, Worth, worth
from energy.models import LeverName, Response, Step
from incidents.domain.roles import Role
from incidents.domain.stakeholders import Urgency
from incidents.models import Incident
from incidents.services import timeline
from incidents.services.quietly import quietly
from incidents.services.stakeholders import announce
from incidents.services.timeline import Entry
from notifications import services as outbox
from runbooks.domain.actions import State
from teams.models import User

BATCH: Final = 50
GROUP: Final = "operations"  # where nobody led, or there is no quiet way to whoever did


def remind_of_stakes(*, at: datetime) -> int:
    """How many stakes somebody was reminded of."""
    rows = _due(at).order_by("response_id").values_list("response_id", flat=True)
    return sum(_remind(response, at) for response in dict.fromkeys(rows[:BATCH]))


def _due(at: datetime) -> QuerySet[Step]:
    ago = ExpressionWrapper(Value(at) - F("response__ended_at"), output_field=DurationField())
    rows = Step.objects.filter(
        lever=LeverName.EMERGENCY_STAKING, action__state=State.CONFIRMED, reviewed_at=None,
        response__ended_at__isnull=False, response__policy__review_stakes_after__gt=timedelta(0),
    )  # fmt: skip
    return rows.alias(ago=ago).filter(ago__gte=F("response__policy__review_stakes_after"))


def _remind(response: int, at: datetime) -> int:
    with transaction.atomic():
        row = Response.objects.select_for_update().select_related("wallet").get(pk=response)
        steps = list(_due(at).filter(response=row).select_related("helper__last", "action"))
        if not steps or row.incident_id is None:
            return 0
        incident = Incident.objects.select_for_update().get(pk=row.incident_id)
        Step.objects.filter(pk__in=[step.pk for step in steps]).update(reviewed_at=at)
        sun = sum(step.sun for step in steps)
        entry = Entry("energy_stake_review", at, data={"trx": trx(sun), "wallet": _names(steps)})
        timeline.append(incident, entry)
        _tell(row, incident, steps, sun, at)
    return len(steps)


def _tell(
    response: Response, incident: Incident, steps: Sequence[Step], sun: int, at: datetime
) -> None:
    facts = _facts(response, incident, steps, sun)
    topic, step = f"energy:stakes:{response.pk}", f"review:{at:%y%m%d}"
    notices = quietly(_led(incident), topic, step, "stake_review", facts, at=at)
    outbox.queue(notices)
    if not notices:
        announce(incident, GROUP, _texts(facts), urgency=Urgency.LOW, at=at)


def _led(incident: Incident) -> User | None:
    """Who commanded last, also when the incident is long over."""
    held = incident.roles.filter(role=Role.COMMANDER, user__is_active=True).order_by("-since")
    last = held.select_related("user").prefetch_related("user__contacts").first()
    return last.user if last else None


def _facts(
    response: Response, incident: Incident, steps: Sequence[Step], sun: int
) -> dict[str, Any]:
    helper = steps[0].helper or response.wallet
    found = _worth(steps, sun, response.wallet.transfer_energy)
    ended = max(one.action.ended_at for one in steps if one.action and one.action.ended_at)
    return {
        "number": incident.number,
        "title": incident.title,
        "severity": incident.severity,
        "wallet": _names(steps),
        "trx": trx(sun),
        "since": ended.isoformat(),
        "energy": f"{found.energy:,}",
        "transfers": f"{found.transfers_a_day:,}",
        "burning": trx(found.burning_a_day_sun),
        "days": UNSTAKED_AFTER.days,
        "page": f"{settings.BASE_URL}{helper.get_absolute_url()}",
    }


def _worth(steps: Sequence[Step], sun: int, transfer_energy: int) -> Worth:
    reading = next((one.helper.last for one in steps if one.helper and one.helper.last), None)
    if reading is None:
        return Worth(sum(one.energy for one in steps), 0, 0)
    return worth(
        sun, total_limit=reading.total_limit, total_weight=reading.total_weight,
        fee_sun=reading.energy_fee_sun or 0, transfer_energy=transfer_energy,
    )  # fmt: skip


def _names(steps: Sequence[Step]) -> str:
    return ", ".join(dict.fromkeys(one.helper.name for one in steps if one.helper))


def _texts(facts: dict[str, Any]) -> dict[str, str]:
    texts = {}
    for language in ("ko", "en"):
        with translation.override(language):
            texts[f"subject_{language}"] = (
                _("%(trx)s staked in incident #%(number)s: still wanted?") % facts
            )
            texts[f"body_{language}"] = (
                _(
                    "The response staked %(trx)s of %(wallet)s: %(energy)s energy, %(transfers)s transfers a day, for which "
                    "burning would take %(burning)s. Unstaked, it is money again after %(days)s days.\n%(page)s"
                )
                % facts
            )
    return texts
