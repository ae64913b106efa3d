from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class RunbooksConfig(AppConfig):
    name = "runbooks"
    verbose_name = _("Runbooks")

    def ready(self) -> None:
        import_module("runbooks.checks")
        import_string("runbooks.in_room.ActionsOfIncident")  # registers itself
