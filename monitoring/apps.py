from django.apps import AppConfig

from monitoring.registry import sources


class MonitoringConfig(AppConfig):
    name = "monitoring"

    def ready(self) -> None:
        sources.discover()
