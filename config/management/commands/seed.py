from typing import Any

from django.core.management.base import BaseCommand

from config.seeds.planting import plant
from config.settings import env


class Command(BaseCommand):
    help = "Plant what a new installation starts with; safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        password = plant(env("BONGSU_ADMIN_PASSWORD", default=""))
        if password:
            self.stdout.write(f"commander / {password}")
