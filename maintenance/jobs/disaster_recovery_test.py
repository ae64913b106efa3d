"""Whether what was backed up comes back: the newest backup of each plan, restored and looked at, in time."""

from datetime import datetime, time, timedelta

from django.utils.translation import gettext_lazy as _

from maintenance.domain.periods import Frequency
from maintenance.job import Figure, Finding, Level, Outcome
from maintenance.job_of_backups import OfBackups, finding_of
from maintenance.models import BackupPlan, RestoreTest
from maintenance.registry import jobs
from maintenance.services import restoring


@jobs.register("disaster_recovery_test")
class DisasterRecoveryTest(OfBackups):
    title = _("Disaster recovery test")
    purpose = _(
        "Restores the newest backup of each plan into a PostgreSQL that is thrown away, compares it with its manifest, and measures time and age against RTO and RPO."
    )
    frequency = Frequency.MONTHLY
    hour = time(6)
    severity = "P2"
    limit = timedelta(hours=6)
    figures = {
        "rto": Figure(_("longest restore"), "seconds"),
        "rpo": Figure(_("oldest backup"), "seconds"),
        "flaws": Figure(_("flaws")),
    }
    words = {
        "none": _("No backup is planned: add a plan in the console."),
        "restored": _(
            "%(plan)s: restored in %(took)s (RTO %(rto)s), %(age)s old (RPO %(rpo)s): %(rows)s rows in %(tables)s tables."
        ),
    }

    def run(self, *, at: datetime) -> Outcome:
        plans = BackupPlan.objects.filter(enabled=True).select_related("database")
        tests = {plan: restoring.test_restore(plan, at=at) for plan in plans}
        found = [finding_of(plan, one) for plan, test in tests.items() for one in test.told]
        figures = {"flaws": float(len(found))} | _longest(list(tests.values()))
        found += [_restored(plan, test) for plan, test in tests.items() if not test.flaws]
        evidence = {plan.name: _evidence(test) for plan, test in tests.items()}
        return Outcome(found or [Finding("none", level=Level.BAD)], figures, {"plans": evidence})


def _longest(tests: list[RestoreTest]) -> dict[str, float]:
    took = [test.took_seconds for test in tests if test.took_seconds is not None]
    ages = [test.age_seconds for test in tests if test.age_seconds is not None]
    named = {"rto": took, "rpo": ages}
    return {name: max(values) for name, values in named.items() if values}


def _restored(plan: BackupPlan, test: RestoreTest) -> Finding:
    facts = {
        "plan": plan.name,
        "took": test.took_seconds or 0,
        "rto": plan.rto.total_seconds(),
        "age": test.age_seconds or 0,
        "rpo": plan.rpo.total_seconds(),
        "rows": f"{test.rows:,}",
        "tables": test.tables,
    }
    return Finding("restored", facts)


def _evidence(test: RestoreTest) -> dict[str, object]:
    return {"restore_test": test.pk, "file": test.stem, "stages": test.stages, "flaws": test.flaws}
