from datetime import datetime, timedelta
from typing import Final

from incidents.models import Incident
from monitoring.models import Change
from monitoring.queries import changes_between

BEFORE: Final = timedelta(hours=6)  # what breaks now was as a rule changed a short while ago
SHOWN: Final = 10


def changes(incident: Incident, at: datetime) -> list[Change]:
    """What was deployed or switched around the time it began, on its services or on none in particular."""
    began = incident.started_at or incident.detected_at
    end = incident.resolved_at or at
    return list(changes_between(began - BEFORE, end, list(incident.services.all()))[:SHOWN])
