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

__all__ = [
    "PORTAL", "Backup", "BackupPlan", "BackupQuerySet", "BackupState", "Capacity",
    "CapacityForecast", "CapacityKind", "CapacityQuerySet", "Price", "RestoreTest",
    "RestoreTestState", "State", "age_of", "plan_called",
]  # fmt: skip
