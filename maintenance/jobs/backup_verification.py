"""Whether the newest backup of each plan is there, sound and young enough: its checksum is reckoned anew."""

from datetime import datetime, time, timedelta

from django.utils.translation import gettext_lazy as _

from maintenance.domain.periods import Frequency
from maintenance.job import Figure, Finding, Level, Outcome
from maintenance.job_of_backups import OfBackups, finding_of
from maintenance.models import BackupPlan
from maintenance.registry import jobs
from maintenance.services.looking_at_backups import age_of_newest, flaws_of_newest


@jobs.register("backup_verification")
class BackupVerification(OfBackups):
    title = _("Backup verification")
    purpose = _(
        "Reads the newest backup of each plan from end to end: its age against the RPO, its checksum, and whether pg_restore can list it."
    )
    frequency = Frequency.DAILY
    hour = time(5)  # those of the night are made by then
    severity = "P2"
    limit = timedelta(hours=1)
    figures = {"age": Figure(_("oldest of the newest"), "seconds"), "flaws": Figure(_("flaws"))}
    words = {
        "none": _("No backup is planned: add a plan in the console."),
        "sound": _("%(plan)s: the newest backup is sound, and %(age)s old."),
    }

    def run(self, *, at: datetime) -> Outcome:
        plans = list(BackupPlan.objects.filter(enabled=True).select_related("database"))
        flaws = {plan: flaws_of_newest(plan, at=at) for plan in plans}
        ages = {plan: age_of_newest(plan, at=at) for plan in plans}
        found = [finding_of(plan, one) for plan, many in flaws.items() for one in many]
        wrong = len(found)
        found += [_sound(plan, ages[plan]) for plan in plans if not flaws[plan]]
        known = [age.total_seconds() for age in ages.values() if age]
        figures = {"flaws": float(wrong)} | ({"age": max(known)} if known else {})
        evidence = {plan.name: [one.kept() for one in many] for plan, many in flaws.items()}
        return Outcome(found or [Finding("none", level=Level.BAD)], figures, {"plans": evidence})


def _sound(plan: BackupPlan, age: timedelta | None) -> Finding:
    seconds = age.total_seconds() if age else 0
    return Finding("sound", {"plan": plan.name, "age": seconds})
