from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class PostmortemsConfig(AppConfig):
    name = "postmortems"
    verbose_name = _("Postmortems")

    def ready(self) -> None:
        for each in (
            "aftermath.PostmortemOfIncident",
            "following_up.ActionItems",
            "in_room.RecurrenceOfIncident",
            "figures.in_the_list.LastDays",
        ):
            import_string(f"postmortems.{each}")  # registers itself
