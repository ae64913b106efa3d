from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from energy.registry import providers
from runbooks.registry import actions, followers


class EnergyConfig(AppConfig):
    name = "energy"
    verbose_name = _("Energy")

    def ready(self) -> None:
        import_module("energy.checks")
        import_module("energy.toll")  # registers itself
        import_module("energy.guarded")
        providers.discover()
        actions.discover("energy.actions")
        followers.add("energy.respond")
