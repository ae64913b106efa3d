"""Who hears of a loosening: who may confirm it, then whoever proposed it; whoever tries in vain; the console's history."""

import json
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.utils import translation
from django.utils.translation import gettext as _

from incidents.services.quietly import quietly
from notifications import services as outbox
from runbooks import queries
from runbooks.domain.loosening import Objection, State
from runbooks.guarded import guarded
from runbooks.models import Loosening, LooseningState
from runbooks.words import said
from teams.models import User

STEP: Final = "loosen"
DECIDED: Final = "decided"


def topic(loosening: Loosening) -> str:
    return f"loosening:{loosening.pk}"


def ask(loosening: Loosening, *, at: datetime) -> None:
    facts = _facts(loosening)
    others = queries.administrators().exclude(pk=loosening.proposed_by_id)
    outbox.queue(
        one
        for person in others.prefetch_related("contacts").order_by("pk")
        for one in quietly(person, topic(loosening), STEP, "approval", facts, at=at)
    )


def decide(loosening: Loosening, *, reason: str, at: datetime) -> None:
    """Whoever proposed it waits for this; they know what they withdrew themselves."""
    proposer, decider = loosening.proposed_by, loosening.decided_by
    if proposer == decider:
        return
    facts = {
        "by": decider.name if decider else "", "reason": reason,
        "page": f"{settings.BASE_URL}{loosening.get_absolute_url()}",
        "localised": {language: _came(loosening, language) for language in ("ko", "en")},
    }  # fmt: skip
    outbox.queue(quietly(proposer, topic(loosening), DECIDED, "loosening_decided", facts, at=at))


def _came(loosening: Loosening, language: str) -> dict[str, str]:
    with translation.override(language):
        state = str(LooseningState(loosening.state).label)
    return {**_what(loosening, language), "state": state}


def _facts(loosening: Loosening) -> dict[str, Any]:
    return {
        "number": None, "title": "", "severity": "", "amount": "", "again": False, "needed": 1,
        "approved": 0, "due": loosening.expires_at.isoformat(),
        "page": f"{settings.BASE_URL}{loosening.get_absolute_url()}",
        "localised": {language: _what(loosening, language) for language in ("ko", "en")},
    }  # fmt: skip


def _what(loosening: Loosening, language: str) -> dict[str, str]:
    with translation.override(language):
        return {"what": f"{loosening}: {in_a_line(loosening)} ({loosening.reason})", "mark": ""}


def in_a_line(loosening: Loosening) -> str:
    rows = said(loosening.setting, loosening.fields)
    return ", ".join(f"{one.name} {one.before} → {one.after}" for one in rows)


def in_the_history(loosening: Loosening, row: Model, *, by: User) -> None:
    """Where the console shows who changed what: in the words of the code, as its own changes are."""
    told = [f"{name}: {before} → {after}" for name, (before, after) in loosening.fields.items()]
    told.append(f"proposed by {loosening.proposed_by} (#{loosening.pk}: {loosening.reason})")
    LogEntry.objects.create(
        user=by, content_type=ContentType.objects.get_for_model(guarded[loosening.setting].model),
        object_id=str(row.pk), object_repr=str(row)[:200],
        action_flag=CHANGE if loosening.row else ADDITION,
        change_message=json.dumps([{"changed": {"fields": told}}]),
    )  # fmt: skip


def objection(why: Objection | State, loosening: Loosening) -> str:
    words = {
        Objection.EXPIRED: _("It was proposed too long ago to be right still. Propose it anew."),
        Objection.SAME_PERSON: _("You proposed it: another administrator confirms it."),
        Objection.TOO_NEW: _(
            "You became an administrator while it was waiting. Propose it anew, so that it is judged afresh."
        ),
        Objection.NOT_THEIRS: _("Only whoever proposed it withdraws it. You can refuse it."),
        State.OUTDATED: _("The setting was changed meanwhile. Nothing was done: propose it anew."),
    }
    over = _("This change is already: %(state)s.") % {
        "state": LooseningState(loosening.state).label
    }
    return words.get(why, over)
