from maintenance.services.assessing import assess
from maintenance.services.foreseeing import forecast_due, foresee
from maintenance.services.lagging import note_lag
from maintenance.services.mailing import mail_due
from maintenance.services.marking import mark_own
from maintenance.services.planning import plan_due, run_now
from maintenance.services.running import run_due
from maintenance.services.sampling_copies import prune_samples, sample_copies, sample_sites
from maintenance.services.upkeep import prune_runs

__all__ = [
    "assess",
    "forecast_due",
    "foresee",
    "mail_due",
    "mark_own",
    "note_lag",
    "plan_due",
    "prune_runs",
    "prune_samples",
    "run_due",
    "run_now",
    "sample_copies",
    "sample_sites",
]
