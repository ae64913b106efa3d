from datetime import datetime

from django.db import connection
from django.utils import timezone


def now() -> datetime:
    """The time of this host: for what a person does here and now."""
    return timezone.now()


def database_now() -> datetime:
    """The time all hosts share: what is due, and who holds a lease until when, is judged by it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment
