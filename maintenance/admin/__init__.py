from maintenance.admin import capacity, routine, sites

__all__ = ["capacity", "routine", "sites"]
