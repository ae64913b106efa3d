"""Which of the installed packages are behind, and which known holes their newest version mends."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from maintenance import installed
from maintenance.domain.advisories import Behind, Hole, behind
from maintenance.domain.periods import Frequency
from maintenance.job import Figure, Finding, Job, Level, Outcome
from maintenance.registry import jobs

OLD_FILE: Final = timedelta(days=31)
SHOWN: Final = 100


@jobs.register("dependency_update")
class DependencyUpdate(Job):
    title = _("Dependency update")
    purpose = _("Says which installed packages are behind, and which known holes an update mends.")
    frequency = Frequency.MONTHLY
    figures = {"behind": Figure(_("packages behind")), "mended": Figure(_("holes an update mends"))}
    words = {
        "no_list": _(
            "What is behind cannot be known: nothing here asks a package index. Let pip list --outdated --format=json write a file, and name it in BONGSU_NEWEST_PACKAGES."
        ),
        "unreadable": _("The list of newest packages cannot be read: %(error)s"),
        "old_list": _("The list of newest packages is of %(day)s."),
        "up_to_date": _("All %(count)d packages are up to date."),
        "behind": _("%(package)s %(version)s → %(newest)s"),
        "mends": _("%(package)s %(version)s → %(newest)s mends %(holes)s."),
    }

    def run(self, *, at: datetime) -> Outcome:
        if not settings.NEWEST_PACKAGES:
            return Outcome([Finding("no_list", level=Level.NOTE)])
        place, packages = Path(settings.NEWEST_PACKAGES), installed.packages()
        try:
            late = behind(packages, installed.newest(place))
            known = _holes(packages)
        except (OSError, ValueError) as error:
            return Outcome([Finding("unreadable", {"error": str(error)}, Level.BAD)])
        found = [*_age(place, at), *_judged(late, known)][:SHOWN]
        mended = sum(one.code == "mends" for one in found)
        if not late:
            found.append(Finding("up_to_date", {"count": len(packages)}))
        return Outcome(found, {"behind": len(late), "mended": mended}, {"packages": packages})


def _holes(packages: dict[str, str]) -> Sequence[Hole]:
    if not settings.ADVISORIES:
        return []
    return installed.known_holes(packages, Path(settings.ADVISORIES))


def _age(place: Path, at: datetime) -> Iterator[Finding]:
    written = installed.written_at(place)
    if written < at - OLD_FILE:
        yield Finding("old_list", {"day": f"{written:%Y-%m-%d}"}, Level.NOTE)


def _judged(late: Sequence[Behind], known: Sequence[Hole]) -> Iterator[Finding]:
    """What mends a hole first, and it fails the job: it has waited long enough."""
    mended = {
        one.package: [h.name for h in known if h.package == one.package and h.fixed] for one in late
    }
    for one in sorted(late, key=lambda one: not mended[one.package]):
        names = ", ".join(mended[one.package])
        if names:
            yield Finding("mends", {**vars(one), "holes": names}, Level.BAD)
        else:
            yield Finding("behind", vars(one), Level.NOTE)
