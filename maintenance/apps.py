from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from maintenance.registry import jobs


class MaintenanceConfig(AppConfig):
    name = "maintenance"
    verbose_name = _("Care")

    def ready(self) -> None:
        jobs.discover()
