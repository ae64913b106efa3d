"""Files as evidence: judged by their content, kept with their hash, said on the timeline."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from incidents.domain import evidence as rules
from incidents.models import Evidence, EvidenceContent, Incident
from incidents.services import timeline
from incidents.services.timeline import Entry
from teams.models import User


def attach(incident: Incident, name: str, body: bytes, *, by: User, at: datetime) -> Evidence:
    """Keep a file; the same one again is the one that is there."""
    name, kind = rules.safe_name(name), judged(name, body)
    digest = hashlib.sha256(body).hexdigest()
    with transaction.atomic():
        Incident.objects.select_for_update().get(pk=incident.pk)
        known = incident.evidence.filter(sha256=digest, removed_at=None).first()
        if known:
            return known
        if incident.evidence.count() >= rules.FILES:
            raise Refused(_("%(most)s files are enough for one incident.") % {"most": rules.FILES})
        kept = incident.evidence.create(
            name=name, kind=kind, size=len(body), sha256=digest, at=at, by=by
        )
        EvidenceContent.objects.create(evidence=kept, body=body)
        timeline.append(incident, Entry("evidence_added", at, by=by, data=_facts(kept)))
    return kept


def remove_evidence(incident: Incident, evidence: int, *, by: User, at: datetime) -> None:
    """What should not have been kept, such as a key, goes; that it was there stays."""
    with transaction.atomic():
        Incident.objects.select_for_update().get(pk=incident.pk)
        found = incident.evidence.filter(pk=evidence, removed_at=None)
        kept = found.first()
        if kept is None:
            raise Refused(_("There is no such file in this incident."))
        found.update(removed_at=at)
        EvidenceContent.objects.filter(evidence=kept).delete()
        timeline.append(incident, Entry("evidence_removed", at, by=by, data=_facts(kept)))


def judged(name: str, body: bytes) -> str:
    """What the file is. Refused when it is too large, not of a kind we keep, or not what its name says."""
    if len(body) > rules.MOST:
        raise Refused(_("A file may have at most 10 MB."))
    if not body:
        raise Refused(_("The file is empty."))
    kind = rules.type_of(body)
    if kind is None or not rules.fits(rules.safe_name(name), kind):
        raise Refused(
            _(
                "Only images (PNG, JPEG, GIF, WebP), PDF and text (txt, log, csv, json) are kept, and"
                " the content must be what the name says."
            )
        )
    return kind


def _facts(kept: Evidence) -> dict[str, object]:
    return {
        "evidence": kept.pk,
        "name": kept.name,
        "type": kept.kind,
        "size": kept.size,
        "sha256": kept.sha256,
    }
