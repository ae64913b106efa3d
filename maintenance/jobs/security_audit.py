"""Whether the record of what happened is whole, who may do everything, and how old the keys are."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from incidents.services.auditing import Audited, audit_timelines
from maintenance.domain.periods import Frequency
from maintenance.job import Figure, Finding, Job, Level, Outcome
from maintenance.registry import jobs
from teams import queries as people
from teams import reviewing
from teams.models import User

A_MONTH: Final = timedelta(days=31)
A_YEAR: Final = timedelta(days=365)
MANY_ADMINISTRATORS: Final = 5


@jobs.register("security_audit")
class SecurityAudit(Job):
    title = _("Security audit")
    purpose = _(
        "Reckons the hash chain of every timeline anew, and reviews who may do everything, who came to it, and how old keys and tokens are."
    )
    frequency = Frequency.MONTHLY
    severity = "P2"
    limit = timedelta(hours=1)
    confidential = True
    figures = {
        "events": Figure(_("events verified")),
        "administrators": Figure(_("administrators")),
    }
    words = {
        "whole": _("Events that are as they were written: all %(events)s, of so many timelines: %(timelines)s."),
        "broken": _("The timeline of incident #%(incident)d was changed: event %(event)d is %(what)s."),
        "administrators": _("Who may do everything, %(count)d in all: %(names)s."),
        "no_administrator": _("Nobody is an administrator: the console is closed to all."),
        "new_administrators": _("%(count)d times in 31 days somebody became an administrator."),
        "odd_flags": _("%(name)s may enter the console without being an administrator: somebody changed the database by hand."),
        "key_of": _("%(key)s is %(days)d days old."),
        "old_key": _("%(key)s is %(days)d days old: make a new one."),
        "key_unknown": _("How old %(key)s is cannot be known: it comes from the environment."),
        "endless_token": _("The token %(token)s of %(name)s never ends and is %(days)d days old."),
    }  # fmt: skip
    spoken = {
        "what": {
            "missing": pgettext_lazy("event of a timeline", "missing"),
            "changed": pgettext_lazy("event of a timeline", "changed"),
            "cut off": pgettext_lazy("event of a timeline", "cut off"),
        }
    }

    def run(self, *, at: datetime) -> Outcome:
        audited, roles = audit_timelines(), _roles()
        found = [*_chain(audited), *_people(at), *_keys(at), *_tokens(at)]
        figures = {"events": audited.events, "administrators": roles["administrator"]}
        evidence = {"roles": dict(roles), "broken": audited.broken}
        return Outcome(found, figures, evidence)


def _chain(audited: Audited) -> Iterator[Finding]:
    for incident, event, what in audited.broken:
        facts = {"incident": incident, "event": event, "what": what}
        yield Finding("broken", facts, Level.BAD)
    if not audited.broken:
        facts = {"events": f"{audited.events:,}", "timelines": f"{audited.timelines:,}"}
        yield Finding("whole", facts)


def _roles() -> Counter[str]:
    return Counter(User.objects.filter(is_active=True).values_list("role", flat=True))


def _people(at: datetime) -> Iterator[Finding]:
    able = User.objects.filter(is_active=True, role="administrator").order_by("username")
    names = [user.name for user in able]
    if not names:
        yield Finding("no_administrator", level=Level.BAD)
    else:
        level = Level.NOTE if len(names) > MANY_ADMINISTRATORS else Level.FINE
        yield Finding("administrators", {"count": len(names), "names": ", ".join(names)}, level)
    for user in reviewing.console_by_hand():
        yield Finding("odd_flags", {"name": user.name}, Level.BAD)
    if new := people.access_since(at - A_MONTH).new_administrators:
        yield Finding("new_administrators", {"count": new}, Level.NOTE)


def _keys(at: datetime) -> Iterator[Finding]:
    for file in (settings.BONGSU_HOME / "secret.key", Path(settings.SSH_KEY_FILE)):
        if not file.is_file():
            yield Finding("key_unknown", {"key": file.name}, Level.NOTE)
            continue
        age = at - datetime.fromtimestamp(file.stat().st_mtime, UTC)
        facts = {"key": file.name, "days": age.days}
        old = age > A_YEAR
        yield Finding("old_key" if old else "key_of", facts, Level.NOTE if old else Level.FINE)


def _tokens(at: datetime) -> Iterator[Finding]:
    for token in reviewing.usable_tokens(at):
        age = at - token.created_at
        if token.expires_at is None and age > A_YEAR:
            facts = {"token": str(token), "name": token.user.name, "days": age.days}
            yield Finding("endless_token", facts, Level.NOTE)
