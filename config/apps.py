from django.apps import AppConfig
from django.contrib.admin import apps as admin

from config import checks, sweep
from config.celery import app as celery_app

__all__ = ["celery_app", "checks", "sweep"]


class ConfigConfig(AppConfig):
    """Listed first: the Celery app exists before any task asks for it."""

    name = "config"
    default = True

    def ready(self) -> None:
        from config import ourselves  # noqa: F401, PLC0415 - registers itself, once there are models


class ConsoleConfig(admin.AdminConfig):
    default = False
    default_site = "config.console.ResponseConsole"
