from maintenance.services.foreseeing import forecast_due, foresee
from maintenance.services.planning import plan_due, run_now
from maintenance.services.running import run_due

__all__ = ["forecast_due", "foresee", "plan_due", "run_due", "run_now"]
