"""What a run says to people: once for each attempt, as all of it is one transaction under the attempt's key."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.bilingual import in_language
from core.errors import Refused
from incidents.domain.stakeholders import Urgency
from incidents.models import Incident
from incidents.services import stakeholders
from incidents.services.notices import notices
from incidents.services.policies import leader, read_book
from notifications import services as outbox
from runbooks.domain.writing import Both
from runbooks.models import Run
from runbooks.services import runs_told
from teams.models import User
from teams.stakeholders import StakeholderGroup

SAID = "run_said"


@dataclass(frozen=True)
class Words:
    text: Both
    subject: Both | None = None  # of the draft for the group
    group: str = ""  # its slug
    responders: bool = False


def say(run: int, key: str, words: Words, *, at: datetime) -> str:
    """What there is to know about it, such as that a drill tells nobody outside. Raises Refused."""
    with transaction.atomic():
        incident, held = runs_told.held(run)
        if incident is None or incident.timeline.filter(kind=SAID, data__key=key).exists():
            return ""
        runs_told.write(incident, "said", held, at=at, text=words.text.as_dict(), key=key)
        if words.responders:
            _tell_responders(incident, key, words.text, at)
        return _draft(incident, held, words, at) if words.group else ""


def _tell_responders(incident: Incident, key: str, text: Both, at: datetime) -> None:
    """Quietly: a page is for what needs an answer."""
    people = [held.user for held in incident.roles_now]
    people += [incident.acknowledged_by] if incident.acknowledged_by else []
    known = User.objects.filter(pk__in={one.pk for one in people}, is_active=True)
    pages = [page for page in map(leader, known.prefetch_related("contacts")) if page]
    made = notices(
        incident, pages, book=read_book(at=at), step=f"run:{key}"[:40],
        headline=lambda: in_language(text.ko, text.en)[:300], at=at,
    )  # fmt: skip
    outbox.queue(made)


def _draft(incident: Incident, run: Run, words: Words, at: datetime) -> str:
    group = StakeholderGroup.objects.filter(slug=words.group).first()
    if group is None or words.subject is None:
        raise Refused(_("There is no stakeholder group %(slug)s.") % {"slug": words.group})
    if incident.drill or run.driver is None:
        return _("This is a drill: nobody outside the team hears of it.")
    texts = {
        "subject_ko": words.subject.ko, "subject_en": words.subject.en,
        "body_ko": words.text.ko, "body_en": words.text.en,
    }  # fmt: skip
    stakeholders.write(incident, group, texts, urgency=Urgency.NORMAL, by=run.driver, at=at)
    return ""
