"""A worker that settles what is open until somebody kills it: run in a process of its own."""

import os
import time
from multiprocessing.connection import Connection
from typing import Any


def settle_once(url: str, socket: str) -> int:
    """For races: one step of whatever is open."""
    from django.conf import settings

    from core import clock
    from energy.services import settle_open
    from integrations.tron import Node

    settings.TRON_SIGNER_SOCKET = socket
    return settle_open(node=Node(f"{url}/tron/", seconds=2), at=clock.now())


def live(database: str, url: str, socket: str, pipe: Connection) -> None:
    os.environ |= {"CELERY_BROKER_URL": "memory://"}
    import django
    from django.db import connection

    django.setup()
    connection.settings_dict["NAME"] = database
    connection.ensure_connection()
    given: dict[str, Any] = {"url": url, "socket": socket}
    pipe.send(None)
    while True:
        settle_once(**given)
        time.sleep(0.01)
