from django.apps import AppConfig
from django.utils.translation import gettext

from core.told import Told


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        Told.translate = gettext
