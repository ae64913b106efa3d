from maintenance.admin import backups, capacity, routine, sites

__all__ = ["backups", "capacity", "routine", "sites"]
