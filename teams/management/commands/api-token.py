from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from teams import services
from teams.models import Scope, User


class Command(BaseCommand):
    help = "Make an API token for a person: printed alone on the last line, and only now."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", help="user name")
        parser.add_argument("--name", default="command line")
        parser.add_argument("--scope", choices=Scope.values, default=Scope.WRITE)

    def handle(self, *args: Any, user: str, name: str, scope: str, **options: Any) -> None:
        owner = User.objects.filter(username=user, is_active=True).first()
        if owner is None:
            raise CommandError(f"There is no active user named {user}.")
        self.stdout.write(services.new_api_token(owner, name=name, scope=scope))
