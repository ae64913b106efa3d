from maintenance.models.backups import (
    PORTAL,
    Backup,
    BackupPlan,
    BackupQuerySet,
    BackupState,
    RestoreTest,
    RestoreTestState,
    age_of,
    plan_called,
)
from maintenance.models.capacity import (
    Capacity,
    CapacityForecast,
    CapacityKind,
    CapacityQuerySet,
    Price,
    State,
)
from maintenance.models.routine import (
    LEASE,
    OPEN,
    OVER,
    Routine,
    RoutineQuerySet,
    RoutineRun,
    RoutineRunQuerySet,
    Status,
    Why,
)

__all__ = [
    "LEASE", "OPEN", "OVER", "PORTAL", "Backup", "BackupPlan", "BackupQuerySet", "BackupState",
    "Capacity", "CapacityForecast", "CapacityKind", "CapacityQuerySet", "Price", "RestoreTest",
    "RestoreTestState", "Routine", "RoutineQuerySet", "RoutineRun", "RoutineRunQuerySet", "State",
    "Status", "Why", "age_of", "plan_called",
]  # fmt: skip
