from django.apps import AppConfig


class StatusPageConfig(AppConfig):
    name = "statuspage"
