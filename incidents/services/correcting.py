"""What was taken down wrongly at first is put right, and whatever rests on it follows at once."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from incidents.domain.escalation import Step
from incidents.domain.lifecycle import Status
from incidents.domain.stakeholders import Happened
from incidents.domain.story import may_have_happened
from incidents.models import Incident
from incidents.services import timeline
from incidents.services.leading import tell_leaders
from incidents.services.moving import put
from incidents.services.paging import page
from incidents.services.policies import read_book
from incidents.services.showing import show
from incidents.services.stakeholders.approving import customer_impact
from incidents.services.stakeholders.occasions import happened
from incidents.services.timeline import Entry
from teams.models import Service, User


def correct(incident: Incident, *, by: User | None, at: datetime, **said: Any) -> None:
    """`said` names what is to be otherwise: title, description, started_at, services. The rest stays."""
    with transaction.atomic():
        now = Incident.objects.select_for_update().get(pk=incident.pk)
        services = said.pop("services", None)
        changed = _words(now, said, at=at)
        added, removed = _services(now, services)
        if not (changed or added or removed):
            return
        data = changed | {"added": _names(added), "removed": _names(removed)}
        timeline.append(now, Entry("corrected", at, by=by, data=data))
        if added:
            _concern(now, added, by=by, at=at)
        if now.is_open:
            happened([now], Happened.CORRECTED, at=at)
        show(now, at=at)


def relieve(incident: Incident, service: Service, *, at: datetime) -> None:
    """It was affected, and is no longer, while the rest goes on."""
    with transaction.atomic():
        now = Incident.objects.select_for_update().get(pk=incident.pk)
        if not now.services.filter(pk=service.pk).exists():
            return
        now.services.remove(service)
        timeline.append(now, Entry("relieved", at, data={"services": _names([service])}))
        show(now, at=at)


def _words(incident: Incident, said: dict[str, Any], *, at: datetime) -> dict[str, Any]:
    """What it said before and says now, of whatever is not as it was."""
    if "title" in said:
        said["title"] = said["title"].strip()
        if not said["title"]:
            raise Refused(_("An incident needs a title."))
    began = said.get("started_at")
    if began and not may_have_happened(began, began=incident.detected_at, now=incident.detected_at):
        raise Refused(
            _("It began before it was noticed, and at most seven days before: %(time)s is not.")
            % {"time": f"{began:%Y-%m-%d %H:%M}"}
        )
    new = {name: value for name, value in said.items() if getattr(incident, name) != value}
    old = {name: getattr(incident, name) for name in new}
    if new:
        fields = new | {"translations": _left(incident, new)}
        Incident.objects.filter(pk=incident.pk).update(**fields)
        put(incident, fields)
    return {name: [_plain(old[name]), _plain(new[name])] for name in new}


def _left(incident: Incident, said: Collection[str]) -> dict[str, dict[str, str]]:
    """What a person says is said in their words only."""
    left = {
        language: {name: text for name, text in told.items() if name not in said}
        for language, told in incident.translations.items()
    }
    return {language: told for language, told in left.items() if told}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _services(
    incident: Incident, wanted: Collection[Service] | None
) -> tuple[list[Service], list[Service]]:
    if wanted is None:
        return [], []
    before = list(incident.services.all())
    incident.services.set(wanted)
    added = [each for each in wanted if each not in before]
    return added, [each for each in before if each not in wanted]


def _names(services: Collection[Service]) -> list[dict[str, str]]:
    return [{"ko": each.name_ko, "en": each.name_en} for each in services]


def _concern(
    incident: Incident, added: Collection[Service], *, by: User | None, at: datetime
) -> None:
    """Those who own what is affected too hear of it, while there is something to do for them."""
    if not incident.is_open:
        return
    judged = incident.timeline.filter(kind="customer_impact").exists()  # by a person, who knows
    if not judged and any(each.customer_facing for each in added):
        customer_impact(incident, True, by=by, at=at)
    book = read_book(at=at)
    owned = any(each.owner_id for each in added) and incident.status != Status.MITIGATED
    if owned and incident.plan.called(incident.escalation_place).owners:
        page(incident, book, why="corrected", at=at, step=Step(owners=True))
    tell_leaders([incident], book, at=at)
