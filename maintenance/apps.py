from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from maintenance.registry import jobs
from runbooks.step import steps


class MaintenanceConfig(AppConfig):
    name = "maintenance"
    verbose_name = _("Care")

    def ready(self) -> None:
        jobs.discover()
        steps.discover("maintenance.steps")
