from typing import Final

from django.db import connection

INTAKE: Final = 0x626F6E6773  # "bongs"
FROZEN: Final = "15s"
CLOSE: Final = (
    "SELECT set_config('idle_in_transaction_session_timeout', %s, true), pg_advisory_xact_lock(%s)"
)


def close_gate() -> None:
    """Until this transaction ends no alert finds its incident, in any process.

    The reader holds it, or one group could open two incidents; and whoever changes which incident
    alerts belong to, or ends one, or an alert could join what has just been closed.

    Whoever says nothing for so long with the gate in its hand stands still (a stopped process, a host that
    swaps): the server ends its session, or nobody would be paged by anybody.
    """
    with connection.cursor() as cursor:
        cursor.execute(CLOSE, [FROZEN, INTAKE])
