from maintenance.admin import backups, capacity, checklists, routine, sites

__all__ = ["backups", "capacity", "checklists", "routine", "sites"]
