"""What an attacker would find first: known holes, certificates that end, open ports, forgotten accounts."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar, Final

import psutil
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from maintenance import installed
from maintenance.domain.listening import Socket, strangers
from maintenance.domain.periods import Frequency
from maintenance.job import Figure, Finding, Job, Level, Outcome
from maintenance.registry import jobs
from monitoring.models import Check
from teams import queries as people
from teams import reviewing
from teams.models import RoleName

A_WEEK: Final = timedelta(days=7)
STALE: Final = timedelta(days=90)
OLD_FILE: Final = timedelta(days=14)
SOON, VERY_SOON = 30, 14  # days of a certificate
MANY_FAILURES: Final = 100  # a week


@jobs.register("security_scan")
class SecurityScan(Job):
    title = _("Security scan")
    purpose = _(
        "Looks for known holes in what is installed, certificates that end, ports that should not be open, failed sign-ins, and accounts and tokens that nobody uses."
    )
    frequency = Frequency.WEEKLY
    confidential = True
    figures = {
        "holes": Figure(_("known holes")),
        "failed": Figure(_("failed sign-ins")),
        "stale": Figure(_("unused accounts and tokens")),
    }
    words = {
        "no_advisories": _(
            "Known holes cannot be told: give a file of advisories in BONGSU_ADVISORIES."
        ),
        "unreadable": _("The file of advisories cannot be read: %(error)s"),
        "old_advisories": _("The file of advisories is of %(day)s: newer holes are not in it."),
        "hole": _("%(package)s %(version)s has %(name)s: %(summary)s Mended in %(fixed)s."),
        "no_holes": _("None of %(count)d packages has a known hole (advisories of %(day)s)."),
        "no_certificate": _(
            "No check watches a certificate: add one of the kind HTTP for each address of yours."
        ),
        "certificate": ngettext_lazy(
            "The certificate that %(check)s reads ends in %(days)d day: renew it.",
            "The certificate that %(check)s reads ends in %(days)d days: renew it.",
            "days",
        ),
        "certificate_over": _(
            "The certificate that %(check)s reads has ended, on %(day)s: renew it."
        ),
        "certificates": ngettext_lazy(
            "%(count)d certificate is valid for more than 30 days.",
            "%(count)d certificates are valid for more than 30 days.",
            "count",
        ),
        "port": _("Port %(port)d is open on %(address)s to others, and not among the allowed."),
        "port_seen": _(
            "Port %(port)d is open on %(address)s to others: name it in BONGSU_ALLOWED_PORTS if it should be."
        ),
        "port_of": _(
            "%(program)s listens on port %(port)d of %(address)s, open to others and not among the allowed: end it, or bind it to 127.0.0.1."
        ),
        "port_seen_of": _(
            "%(program)s listens on port %(port)d of %(address)s, open to others: name it in BONGSU_ALLOWED_PORTS if it should be."
        ),
        "ports_well": _("No port of this machine is open to others but the allowed."),
        "ports_unseen": _("Open ports cannot be seen here: %(error)s"),
        "failures": _(
            "Failed sign-ins in a week: %(count)d, from so many addresses: %(addresses)d; in the week before: %(before)d."
        ),
        "stale_account": _(
            "%(name)s has not signed in for %(days)d days: deactivate the account if nobody needs it."
        ),
        "never_used": _(
            "%(name)s has never signed in since the account was made %(days)d days ago."
        ),
        "stale_token": _(
            "The token %(token)s of %(name)s was not used for %(days)d days: revoke it if nobody needs it."
        ),
        "token_of_gone": _("The token %(token)s belongs to %(name)s, who is no longer active."),
        "no_second_factor": _("%(name)s (%(role)s) has no second factor."),
    }
    spoken: ClassVar = {"role": dict(RoleName.choices)}

    def run(self, *, at: datetime) -> Outcome:
        packages = installed.packages()
        known = list(_holes(packages, at))
        failed = people.access_since(at - A_WEEK).failed
        stale = list(_stale(at))
        found = [*known, *_certificates(at), *_ports(), _failures(at), *stale, *_factors()]
        figures = {
            "holes": sum(one.code == "hole" for one in known),
            "failed": failed,
            "stale": len(stale),
        }
        return Outcome(found, figures, {"packages": packages})


def _holes(packages: dict[str, str], at: datetime) -> Iterator[Finding]:
    if not settings.ADVISORIES:
        yield Finding("no_advisories", level=Level.NOTE)
        return
    place = Path(settings.ADVISORIES)
    try:
        found, written = installed.known_holes(packages, place), installed.written_at(place)
    except (OSError, ValueError) as error:
        yield Finding("unreadable", {"error": str(error)}, Level.BAD)
        return
    day = f"{written:%Y-%m-%d}"
    if written < at - OLD_FILE:
        yield Finding("old_advisories", {"day": day}, Level.NOTE)
    for hole in found:
        yield Finding("hole", {**vars(hole), "fixed": hole.fixed or "–"}, Level.BAD)
    if not found:
        yield Finding("no_holes", {"count": len(packages), "day": day})


def _certificates(at: datetime) -> Iterator[Finding]:
    days = {
        check.name: float(one["value"])
        for check in Check.objects.filter(enabled=True)
        for one in check.readings
        if one["name"] == "certificate_days"
    }
    if not days:
        yield Finding("no_certificate", level=Level.NOTE)
        return
    for name, left in sorted(days.items(), key=lambda pair: pair[1]):
        if left < 0:
            day = f"{timezone.localtime(at + timedelta(days=left)):%Y-%m-%d}"
            yield Finding("certificate_over", {"check": name, "day": day}, Level.BAD)
        elif left < SOON:
            level = Level.BAD if left < VERY_SOON else Level.NOTE
            yield Finding("certificate", {"check": name, "days": int(left)}, level)
    if well := sum(left >= SOON for left in days.values()):
        yield Finding("certificates", {"count": well})


def _ports() -> Iterator[Finding]:
    try:
        seen = {
            Socket(one.laddr.ip, one.laddr.port): one.pid
            for one in psutil.net_connections(kind="tcp")
            if one.status == psutil.CONN_LISTEN
        }
    except (psutil.Error, OSError) as error:
        yield Finding("ports_unseen", {"error": str(error)}, Level.NOTE)
        return
    allowed = {int(port) for port in settings.ALLOWED_PORTS}
    code, level = ("port", Level.BAD) if allowed else ("port_seen", Level.NOTE)
    found = strangers(seen, allowed)
    for one in found:
        facts = {"port": one.port, "address": one.address}
        if program := _program(seen[one]):
            yield Finding(f"{code}_of", {**facts, "program": program}, level)
        else:
            yield Finding(code, facts, level)
    if not found:
        yield Finding("ports_well")


def _program(pid: int | None) -> str:
    """Empty where it is somebody else's, or has just ended."""
    try:
        return f"{psutil.Process(pid).name()} ({pid})" if pid else ""
    except psutil.Error:
        return ""


def _failures(at: datetime) -> Finding:
    this, both = (people.access_since(at - weeks * A_WEEK) for weeks in (1, 2))
    facts = {"count": this.failed, "addresses": this.addresses, "before": both.failed - this.failed}
    return Finding("failures", facts, Level.NOTE if this.failed >= MANY_FAILURES else Level.FINE)


def _stale(at: datetime) -> Iterator[Finding]:
    for user in reviewing.unused_accounts(at - STALE):
        last = user.last_login
        days = (at - (last or user.date_joined)).days
        code = "stale_account" if last else "never_used"
        yield Finding(code, {"name": user.name, "days": days}, Level.NOTE)
    for token in reviewing.usable_tokens(at):
        whose = {"token": str(token), "name": token.user.name}
        if not token.user.is_active:
            yield Finding("token_of_gone", whose, Level.NOTE)
        elif (used := token.last_used_at or token.created_at) < at - STALE:
            yield Finding("stale_token", {**whose, "days": (at - used).days}, Level.NOTE)


def _factors() -> Iterator[Finding]:
    """Who may do what hurts; where the console asks for one, an administrator is locked out without it."""
    for user in reviewing.without_second_factor():
        hurts = settings.CONSOLE_NEEDS_MFA and user.is_superuser
        facts = {"name": user.name, "role": user.role}
        yield Finding("no_second_factor", facts, Level.BAD if hurts else Level.NOTE)
