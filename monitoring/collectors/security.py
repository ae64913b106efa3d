import re
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.db import Error as DatabaseError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core import clock
from integrations import files, journal
from monitoring.asking import in_words
from monitoring.collector import (
    CollectError,
    Collector,
    CollectorForm,
    LinesField,
    Reading,
    Settings,
)
from monitoring.domain import auth_log
from monitoring.kinds import Kind
from monitoring.registry import collectors

JOURNAL: Final = "journald"
TAIL: Final = (
    8 * 1024 * 1024
)  # bytes of a log; of more than 50,000 failures in some minutes enough is known
MOST_FILES: Final = 50
WATCHED: Final = re.compile(r"(?:([0-9a-fA-F]{64})[ \t]+\*?)?(/.+)")
EXACT: Final = 12  # of 64 digits: 48 bits, which a number holds exactly


class SecurityForm(CollectorForm):
    portal = forms.BooleanField(
        label=_("this portal"), required=False, initial=True,
        help_text=_("Failed sign-ins, and who became an administrator. Not on hosts with an agent."),
    )  # fmt: skip
    log = forms.CharField(
        label=_("log of sign-ins"), required=False, max_length=400,
        help_text=_("Such as /var/log/auth.log or /var/log/secure, or journald: failures of ssh, sudo and su."),
    )  # fmt: skip
    minutes = forms.IntegerField(
        label=_("minutes counted"), initial=5, min_value=1, max_value=1440,
        help_text=_("Each reading counts what happened in so many minutes before it."),
    )  # fmt: skip
    watched = LinesField(
        label=_("files that must not change"), required=False, max_length=8000,
        help_text=_("A path a line, with its SHA-256 before it as sha256sum writes it."),
    )  # fmt: skip

    def clean_log(self) -> str:
        said: str = self.cleaned_data["log"]
        name, _colon, folder = said.partition(":")
        if said and said != JOURNAL and not (folder if name == JOURNAL else said).startswith("/"):
            raise forms.ValidationError(_("Write a whole path, or journald."))
        return said

    def clean_watched(self) -> str:
        said: str = self.cleaned_data["watched"]
        lines = said.splitlines()
        if len(lines) > MOST_FILES or not all(map(WATCHED.fullmatch, lines)):
            raise forms.ValidationError(_("Write a whole path a line, fifty at most."))
        return said


@collectors.register("security")
class Security(Collector):
    title = _("Security")
    purpose = _(
        "Failed sign-ins, new administrators, failures of ssh and sudo, files that changed."
    )
    kind = Kind.SECURITY
    form = SecurityForm

    def collect(self, settings: Settings, *, timeout: float) -> Iterable[Reading]:
        until, at = time.monotonic() + timeout, clock.now().astimezone()  # as the log's
        since = at - timedelta(minutes=settings["minutes"])
        faults = list[str]()
        if settings["portal"]:
            yield from of_portal(since)
        if settings["log"]:
            try:
                yield from of_log(settings["log"], since, at, seconds=timeout)
            except OSError as error:
                faults.append(in_words(_why(error), timeout))
        for line in settings["watched"].splitlines():
            try:
                yield from of_file(line, at, seconds=max(0.0, until - time.monotonic()))
            except OSError as error:
                faults.append(in_words(_why(error), timeout))
        if faults:
            raise CollectError("\n".join(faults[:5]))


def of_portal(since: datetime) -> Iterator[Reading]:
    from teams import queries as people  # noqa: PLC0415 - an agent has no tables

    try:
        found = people.access_since(since)
    except (DatabaseError, ImproperlyConfigured) as error:
        raise CollectError(_now("The portal's own tables cannot be read here.")) from error
    yield Reading("portal_failed_sign_ins", found.failed)
    yield Reading("portal_failing_addresses", found.addresses)
    yield Reading("portal_new_administrators", found.new_administrators)
    yield Reading("portal_administrators", found.administrators)


def of_log(place: str, since: datetime, at: datetime, *, seconds: float) -> Iterator[Reading]:
    name, _colon, folder = place.partition(":")
    if name == JOURNAL:
        lines = journal.lines_since(since, *journal.AUTHENTICATION, seconds=seconds, folder=folder)
    else:
        lines = written(Path(place), since, at)
    found = auth_log.failures(lines, since=since, at=at)
    yield Reading("ssh_failures", found.counts["ssh"])
    yield Reading("ssh_failing_addresses", len(found.addresses))
    yield Reading("ssh_unknown_users", found.counts["ssh_unknown"])
    yield Reading("sudo_failures", found.counts["sudo"])
    yield Reading("su_failures", found.counts["su"])


def written(path: Path, since: datetime, at: datetime) -> Sequence[str]:
    """The end of the log, and of the one before where it was begun anew meanwhile."""
    lines = files.tail(path, TAIL)
    first = auth_log.first_moment(lines, at=at)
    if first is not None and first <= since:
        return lines
    before = [one for one in path.parent.glob(f"{path.name}[.-]*") if _is_before(one, since)]
    if not before:
        return lines
    return [*files.tail(max(before, key=lambda one: one.stat().st_mtime), TAIL), *lines]


def _is_before(path: Path, since: datetime) -> bool:
    """One that logrotate put aside, and not yet packed: it waits a turn with that."""
    return (
        path.suffix not in (".gz", ".xz", ".bz2", ".zst")
        and path.stat().st_mtime >= since.timestamp()
    )


def of_file(line: str, at: datetime, *, seconds: float) -> Iterator[Reading]:
    if not (found := WATCHED.fullmatch(line)):
        return
    path, expected = Path(found[2]), (found[1] or "").lower()
    labels = {"path": str(path)}
    try:
        # When its content or rights changed: unlike the other time nobody sets it by hand.
        changed, is_there = path.stat().st_ctime, True
    except FileNotFoundError:
        changed, is_there = 0.0, False
    yield Reading("file_missing", not is_there, labels)
    if not is_there:
        return
    yield Reading("file_seconds_since_change", max(0.0, at.timestamp() - changed), labels, unit="s")
    digest = files.digest(path, seconds=seconds)
    yield Reading("file_fingerprint", int(digest[:EXACT], 16), labels)
    if expected:
        yield Reading("file_changed", digest != expected, labels)


def _why(error: OSError) -> str:
    return f"{error.filename}: {error.strerror}" if error.filename else str(error)
