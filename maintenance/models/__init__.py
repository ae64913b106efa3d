from maintenance.models.capacity import (
    Capacity,
    CapacityForecast,
    CapacityKind,
    CapacityQuerySet,
    Price,
    State,
)

__all__ = ["Capacity", "CapacityForecast", "CapacityKind", "CapacityQuerySet", "Price", "State"]
