from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from statuspage.registry import documents, ways


class StatusPageConfig(AppConfig):
    name = "statuspage"
    verbose_name = _("Status page")

    def ready(self) -> None:
        documents.discover()
        ways.discover()
        for each in (
            "in_room.NoticeOfIncident",
            "by_text.Subscribers",
            "ledger_of_services.PageLedger",
            "what_readers_say.Ratings",
            "reviewing.NoticeOfReview",
        ):
            import_string(f"statuspage.{each}")  # registers itself
        import_module("statuspage.checks")
