from datetime import datetime, timedelta
from typing import Final

from energy.models import Reading

KEPT: Final = timedelta(days=90)  # the pace asks eight weeks back


def prune(*, at: datetime) -> None:
    Reading.objects.filter(at__lt=at - KEPT).delete()
