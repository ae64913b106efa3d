from django.apps import AppConfig
from django.utils.module_loading import import_string


class PostmortemsConfig(AppConfig):
    name = "postmortems"

    def ready(self) -> None:
        import_string("postmortems.aftermath.PostmortemOfIncident")  # registers itself
