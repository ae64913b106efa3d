from maintenance.admin import backups, capacity, checklists, drills, routine, sites

__all__ = ["backups", "capacity", "checklists", "drills", "routine", "sites"]
