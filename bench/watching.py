"""Inside the product: wallets watched through the sandbox's node. `python -m bench.watching COUNT` prints two figures.

Seconds for all of them to be read, stored and judged; then seconds of the bare looks, by as many
threads. Every look is at the same account, as the sandbox has few; each wallet is one of its own. It is
taken back.
"""

from __future__ import annotations

import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import transaction  # noqa: E402 - after Django is ready

from core import clock  # noqa: E402
from energy.looking import Looked, look  # noqa: E402
from energy.models import Wallet  # noqa: E402
from energy.services import watch  # noqa: E402
from energy.services.watching import ASKING  # noqa: E402
from integrations.tron.addresses import from_hex  # noqa: E402


def watched(account: str, wallets: int) -> float:
    def seen(_address: str) -> Looked:
        return look(account)

    with transaction.atomic():
        Wallet.objects.update(enabled=False)
        Wallet.objects.bulk_create(
            Wallet(name=f"bench {n}", address=from_hex(f"41{n + 1:040x}")) for n in range(wallets)
        )
        began, read = time.perf_counter(), 0
        while read < wallets:
            read += watch(at=clock.now(), look=seen)
        took = time.perf_counter() - began
        transaction.set_rollback(True)
    return took


def asked(account: str, wallets: int) -> float:
    began = time.perf_counter()
    with ThreadPoolExecutor(ASKING) as pool:
        list(pool.map(look, [account] * wallets))
    return time.perf_counter() - began


if __name__ == "__main__":
    address = str(Wallet.objects.values_list("address", flat=True).order_by("pk")[0])
    count = int(sys.argv[1])
    look(address)
    sys.stdout.write(f"{watched(address, count)} {asked(address, count)}")
