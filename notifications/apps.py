from django.apps import AppConfig

from notifications.registry import channels


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        channels.discover()
