"""What is wrong with a backup, as people say it."""

from datetime import timedelta
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.bilingual import in_language
from maintenance.domain.flaws import Flaw
from runbooks.domain.recovery import span

SENTENCES: Final[dict[str, Promise]] = {
    "none": _("There is no backup."),
    "manifest": _("Its manifest cannot be read, or is not there."),
    "dump_missing": _("Its dump is not there."),
    "empty": _("The dump is empty: %(recorded)s bytes were recorded."),
    "truncated": _("The dump is cut off: %(size)s bytes of %(recorded)s."),
    "too_long": _("The dump has %(size)s bytes, where %(recorded)s were recorded."),
    "checksum": _("The dump is damaged: its checksum is not the recorded one."),
    "elsewhere": _("It was made on %(host)s, into a folder that %(here)s does not see."),
    "exchanged": _(
        "It is not the file that was made: its manifest names another checksum than our records."
    ),
    "misnamed": _("The file is called %(file)s, but its manifest is of %(said)s."),
    "other_database": _("The dump is of the database %(found)s, not of %(wanted)s."),
    "ahead": _(
        "%(file)s is dated %(age)s ahead of now: a clock was wrong. It does not count; take it out of the folder."
    ),
    "key": _("The dump cannot be decrypted: %(said)s"),
    "archive": _("pg_restore cannot read the dump: %(said)s"),
    "archive_version": _("The dump is of a format that our pg_restore does not know: %(said)s"),
    "version": _(
        "The dump is of PostgreSQL %(dumped)s, newer than the %(server)s it would be restored into."
    ),
    "no_room": _("Only %(free)s are free, and a restore takes about %(needed)s."),
    "not_restored": _("It cannot be restored: %(said)s"),
    "table_missing": _("The table %(table)s is missing."),
    "rows": _("%(table)s has %(found)s rows, %(recorded)s were recorded."),
    "too_few": _("%(table)s has %(found)s rows, at least %(least)s are expected."),
    "schema": _("The schema is not the recorded one."),
    "migrations": _("It is of another version of Bongsu: %(names)s is not known here."),
    "timeline": _("A timeline in it is not whole: %(said)s"),
    "check": _("The check of the application failed: %(said)s"),
    "too_old": _("The newest backup is %(age)s old; the RPO allows %(rpo)s."),
    "too_slow": _("The restore took %(took)s; the RTO allows %(rto)s."),
    "not_made": _("It could not be made: %(said)s"),
    "killed": _("Whoever made it was ended in the middle, three times."),
    "stopped": _("It was stopped before it was done."),
    "out_of_reach": _("It could not be looked at: %(said)s"),
}
ANEW: Final = _(
    "Back up now, and prove it: then see what became of the disk or store where it lay."
)
ROOM: Final = _("Make room, or name another server for restore tests in BONGSU_RESTORE_SERVER.")
PROGRAMS: Final = _(
    "Name the programs of the newer PostgreSQL in BONGSU_POSTGRES_PROGRAMS and its server in BONGSU_RESTORE_SERVER, or back up with those that are here."
)
ADVICE: Final[dict[str, Promise]] = {
    "none": _("Back up now, and see whether a worker runs and the tick maintenance.back_up is on."),
    "too_old": _(
        "Back up now, and see whether a worker runs and the tick maintenance.back_up is on."
    ),
    "not_made": _("Mend what it says, and back up now. Until then the one before is the newest."),
    "killed": _(
        "See in the worker's log what ended it, such as too little memory; then back up now."
    ),
    "key": _(
        "Put the key it was made with into BONGSU_BACKUP_KEY of the portal and its workers, and start them again; or back up now with the new key."
    ),
    "elsewhere": _("Give the plan a place that all hosts reach: a shared folder, or a store."),
    "archive_version": PROGRAMS,
    "version": PROGRAMS,
    "no_room": ROOM,
    "too_few": _(
        "See whether data is missing in the database itself; else change what the plan expects."
    ),
    "check": _("See whether the database itself fulfils it; else change what the plan expects."),
    "migrations": _(
        "It wants the version of Bongsu that made it: update this one, or back up now."
    ),
    "timeline": _("Run manage.py verify_timeline against the database itself."),
    "too_slow": _("Give the restore a faster disk or server, or the plan a longer RTO."),
    "out_of_reach": _(
        "See whether the place and the server answer, and whether their accounts hold."
    ),
}
# Those that say what to do by themselves.
CLEAR: Final = frozenset({"ahead", "stopped"})
LENGTHS: Final = ("age", "rpo", "took", "rto")


def sentence(flaw: Flaw) -> str:
    """What another version wrote is said as it is."""
    facts = {"said": "–"} | {name: _fact(name, value) for name, value in flaw.facts.items()}
    try:
        return str(SENTENCES[flaw.code]) % facts
    except KeyError:
        return " ".join(map(str, [flaw.code, *flaw.facts.values()]))


def advice(flaw: Flaw) -> str:
    """What to do about it; where nothing else is known, another backup is the first thing."""
    return "" if flaw.code in CLEAR else str(ADVICE.get(flaw.code, ANEW))


def _fact(name: str, value: Any) -> str:
    if name in LENGTHS:
        return duration(timedelta(seconds=value))
    if isinstance(value, dict):
        return in_language(value["ko"], value["en"])
    return f"{value:,}" if isinstance(value, int) else str(value)


def duration(length: timedelta) -> str:
    days, rest = divmod(length, timedelta(days=1))
    return (
        str(_("%(days)d d %(rest)s")) % {"days": days, "rest": span(rest)}
        if days
        else str(span(length))
    )
