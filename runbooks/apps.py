from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from runbooks.registry import actions
from runbooks.step import steps


class RunbooksConfig(AppConfig):
    name = "runbooks"
    verbose_name = _("Runbooks")

    def ready(self) -> None:
        import_module("runbooks.checks")
        actions.discover()
        steps.discover()
        import_string("runbooks.in_room.ActionsOfIncident")  # registers itself
