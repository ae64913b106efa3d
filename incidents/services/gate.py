from typing import Final

from django.db import connection

INTAKE: Final = 0x626F6E6773  # "bongs"


def close_gate() -> None:
    """Until this transaction ends no alert finds its incident, in any process.

    The reader holds it, or one group could open two incidents; and whoever changes which incident
    alerts belong to, or ends one, or an alert could join what has just been closed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [INTAKE])
