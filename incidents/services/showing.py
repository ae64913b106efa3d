"""What was said in Slack follows the incident: whoever did not answer sees there that somebody did."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from incidents.domain.lifecycle import Status
from incidents.models import Assembly, Incident, SeverityPolicy, StatusName
from incidents.services.asking import awaited
from incidents.services.notices import CARD
from incidents.services.paging import DESCRIBED, said_in
from notifications import rewriting
from notifications.models import Delivery
from notifications.rendering import PAGE

MOST: Final = 40  # messages of one incident, the newest


def show(incident: Incident, *, at: datetime) -> None:
    """Rewrite its pages and its card, and have its channel looked at, in the transaction of the change."""
    if not settings.SLACK_BOT_TOKEN:
        return
    Assembly.objects.look_again(incident, at=at)
    said = rewriting.rewritable(incident.topic).filter(Q(template=PAGE) | Q(step=CARD))
    if messages := list(said.order_by("-created_at")[:MOST]):
        names = _names(incident)
        waiting = awaited(incident)
        rewriting.rewrite(
            {
                each: _as_it_stands(each, incident, names, waits=each.recipient_id in waiting)
                for each in messages
            },
            at=at,
        )


def show_stragglers(incident: Incident, sent: Iterable[Delivery], *, at: datetime) -> None:
    """What was on its way in the moment of a change says what is no longer so."""
    now = (incident.status, incident.severity)
    if any(
        (page.context["status"], page.context["severity"]) != now
        for page in sent
        if page.channel == "slack" and page.template == PAGE  # not what asks for an approval
    ):
        show(incident, at=at)


def standing(incident: Incident) -> str:
    status = str(StatusName(incident.status).label)
    if not (incident.acknowledged_by and incident.acknowledged_at):
        return status
    local = timezone.localtime(incident.acknowledged_at)
    return _("%(status)s: answered by %(name)s at %(time)s") % {
        "status": status,
        "name": incident.acknowledged_by.name,
        "time": f"{local:%H:%M:%S}",
    }


def _as_it_stands(
    message: Delivery, incident: Incident, names: dict[str, dict[str, str]], *, waits: bool
) -> dict[str, Any]:
    """Its facts anew: with buttons while it waits for an answer, and else with who gave it."""
    facts = {name: known for name, known in message.context.items() if name != "answered"}
    facts |= {"severity": incident.severity, "status": incident.status, "title": incident.title}
    facts |= {"description": incident.description[:DESCRIBED]} if "description" in facts else {}
    facts["localised"] = {
        language: _lasting(words) | names[language]
        for language, words in message.context["localised"].items()
    }
    if incident.status != Status.TRIGGERED and not (waits and message.context.get("caller")):
        with translation.override(message.language):
            facts["answered"] = standing(incident)
    return facts


def _lasting(words: dict[str, str]) -> dict[str, str]:
    """But what the incident was called then: somebody may have called it otherwise."""
    return {name: said for name, said in words.items() if name not in {"title", "description"}}


def _names(incident: Incident) -> dict[str, dict[str, str]]:
    """Of its severity and services, by language, and of itself."""
    policy = SeverityPolicy.objects.get(severity=incident.severity)
    services = list(incident.services.all())
    names = {}
    for language in ("ko", "en"):
        with translation.override(language):
            affected = ", ".join(service.name for service in services)
            names[language] = {"severity_name": str(policy.name), "services": affected}
        names[language] |= said_in(incident, language)
    return names
