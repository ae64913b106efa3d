from datetime import datetime, timedelta
from typing import Any, Final

from monitoring.models import Change, Integration
from teams.queries import services_named

CHANGES_KEPT: Final = timedelta(days=90)


def note_change(integration: Integration, *, service: str = "", **facts: Any) -> Change:
    """What changed, and of which service; a change of none concerns all."""
    named = services_named([service]).get(service) if service else integration.default_service
    return Change.objects.create(integration=integration, service=named, **facts)


def prune_changes(*, at: datetime) -> None:
    Change.objects.filter(received_at__lt=at - CHANGES_KEPT).delete()
