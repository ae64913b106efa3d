from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from monitoring import checks  # noqa: F401 - registers itself
from monitoring.registry import collectors, sources


class MonitoringConfig(AppConfig):
    name = "monitoring"
    verbose_name = _("Monitoring")

    def ready(self) -> None:
        sources.discover()
        collectors.discover()
