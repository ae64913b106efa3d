"""What people hear of a response: at its begin, and whenever it has come to something else."""

from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from core.money import trx
from energy.domain.recovery import seconds_to_percent
from energy.domain.responses import Result, Status
from energy.domain.states import Level
from energy.models import Response
from incidents.domain.stakeholders import Urgency
from incidents.models import Incident
from incidents.services import timeline
from incidents.services.stakeholders import announce
from incidents.services.timeline import Entry
from runbooks.domain.actions import State
from teams.models import User

CRITICAL, EMERGENCY = "CRITICAL_ENERGY_SHORTAGE", "EMERGENCY_ENERGY_SHORTAGE"
TOLD: Final = {  # what, to whom, how loud
    Level.CRITICAL: (CRITICAL, "management", Urgency.IMMEDIATE),
    Level.EMERGENCY: (EMERGENCY, "operations", Urgency.HIGH),
}


def tell_begin(response: Response, *, at: datetime) -> None:
    """Once for each level; the caller has locked the response and is in its transaction."""
    if response.told_level >= response.level:
        return
    name, group, urgency = TOLD[Level(response.level)]
    incident = _held(response)
    _write(response, incident, "response_begun", at, name=name)
    announce(incident, group, _texts(response, name), urgency=urgency, at=at)
    response.told_level = response.level
    response.save(update_fields=["told_level"])


def report(response: Response, status: Status, *, at: datetime) -> None:
    """What every step came to, and how long it will take; nothing when nothing has changed."""
    steps = [
        {"lever": step.lever, "result": str(step.result), "rail": step.rail, "market": step.provider,
         "sun": step.sun, "text": step.action.told if step.action else {}}
        for step in response.steps.with_results()
        if step.result is not Result.UNUSED
    ]  # fmt: skip
    if response.reported_at is not None and response.status == status and not _newly_lost(response):
        return
    response.status, response.reported_at = status, at
    response.shadow = any(one["result"] == Result.SHADOWED for one in steps)
    response.estimate_seconds = estimate(response)
    response.save(update_fields=["status", "reported_at", "shadow", "estimate_seconds"])
    more: dict[str, Any] = {
        "status": str(status),
        "steps": steps,
        "estimate": response.estimate_seconds,
    }
    if lost := response.lost_sun:
        more["lost"] = trx(lost)
    _write(response, _held(response), "response_reported", at, shadow=response.shadow, **more)


def _newly_lost(response: Response) -> bool:
    """Money that was not known to be gone when it was last reported."""
    gone = response.steps.filter(action__state=State.LOST)
    return gone.filter(action__ended_at__gt=response.reported_at).exists()


def tell(
    response: Response, word: str, *, at: datetime, by: User | None = None, **more: Any
) -> None:
    _write(response, _held(response), word, at, by=by, **more)


def estimate(response: Response) -> int | None:
    """Seconds until withdrawals may go on again, if nothing is sent and nothing else comes."""
    reading = response.wallet.last
    if reading is None or not reading.valid:
        return None
    found = seconds_to_percent(
        response.policy.resume_percent, used=reading.used, limit=reading.limit,
        window=reading.window or 1,
    )  # fmt: skip
    return None if found is None else round(found)


def _held(response: Response) -> Incident:
    return Incident.objects.select_for_update().get(energy_responses=response.pk)


def _write(
    response: Response, incident: Incident, word: str, at: datetime, by: User | None = None,
    **more: Any,
) -> None:  # fmt: skip
    reading = response.wallet.last
    percent = reading.percent if reading else None
    data = {
        "response": response.pk,
        "wallet": response.wallet.name,
        "percent": "–" if percent is None else f"{int(percent * 10) / 10:.1f}",
    }
    timeline.append(incident, Entry(f"energy_{word}", at, by=by, data=data | more))


def _texts(response: Response, name: str) -> dict[str, str]:
    texts = {}
    for language in ("ko", "en"):
        with translation.override(language):
            texts[f"subject_{language}"] = f"{name}: {response.wallet.name}"
            texts[f"body_{language}"] = _body(response)
    return texts


def _body(response: Response) -> str:
    facts = {
        "wallet": response.wallet.name,
        "left": f"{response.left:,}",
        "limit": f"{response.limit:,}",
        "url": f"{settings.BASE_URL}{response.wallet.get_absolute_url()}",
    }
    return (
        _(
            "%(wallet)s has %(left)s of %(limit)s energy left. The automatic response has begun; "
            "each of its steps is on the timeline of the incident.\n%(url)s"
        )
        % facts
    )
