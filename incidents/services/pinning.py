"""Key moments: marks beside the timeline, which itself stays as it was written."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from incidents.models import Incident, Pin
from teams.models import User

MOST: Final = 20  # where everything is a key moment, nothing is


def pin(incident: Incident, seq: int, *, by: User, at: datetime) -> None:
    with transaction.atomic():
        # This also holds the row: the count below is not raced for.
        Incident.objects.filter(pk=incident.pk).touch()
        if not incident.timeline.filter(seq=seq).exists():
            raise Refused(_("There is no such moment on the timeline."))
        pins = Pin.objects.filter(incident=incident)
        if not pins.filter(seq=seq).exists() and pins.count() >= MOST:
            raise Refused(_("%(most)s key moments are enough: unpin one first.") % {"most": MOST})
        pins.get_or_create(incident=incident, seq=seq, defaults={"by": by, "at": at})


def unpin(incident: Incident, seq: int, *, by: User, at: datetime) -> None:
    with transaction.atomic():
        Incident.objects.filter(pk=incident.pk).touch()
        Pin.objects.filter(incident=incident, seq=seq).delete()
