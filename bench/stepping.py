"""Inside the product: runs whose steps do nothing, by its own workers. `python -m bench.stepping STEPS HOSTS` prints JSON.

All in seconds: a run of steps `true` on this machine beside as many bare subprocesses, and over SSH beside bare asyncssh;
`true` on a hundred hosts at once, which all are one server of the sandbox, beside a bare gather of asyncssh; and one claim
of a run with as many steps as there may be.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from typing import Any, Final

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

import asyncssh  # noqa: E402 - after Django is ready
from django.conf import settings  # noqa: E402
from django.db import transaction  # noqa: E402

from bench.numbers import median  # noqa: E402
from core import clock  # noqa: E402
from runbooks import services  # noqa: E402
from runbooks.models import Host, Run, Runbook, Version, Way  # noqa: E402
from runbooks.services.loading import write  # noqa: E402
from teams.models import User  # noqa: E402

LANES: Final = 499  # of four steps each: with the step that holds them nearly 2,000
CLAIMS: Final = 20
WITHIN: Final = 120.0
SANDBOX: Final = "app1"
TEXT: Final = {"ko": "재기", "en": "Measured"}
HERE: Final = "bench-here"


def book(key: str, *steps: dict[str, Any], **more: Any) -> Version:
    body = {"title": TEXT, "summary": TEXT, "steps": list(steps), **more}
    found, _made = Runbook.objects.get_or_create(key=key)
    return write(found, json.dumps(body), at=clock.now(), by=None)


def command(number: int, on: Any, *, changes: bool = False) -> dict[str, Any]:
    told = {"on": on, "run": ["true"], "changes": changes}
    return {"name": f"s{number}", "title": TEXT, "command": told}


def took(version: Version) -> float:
    """From the first step's begin to the last one's end, as the rows say."""
    run = services.start(version, {}, at=clock.database_now(), by=User.objects.earliest("pk"))
    until = time.monotonic() + WITHIN
    while Run.objects.filter(pk=run.pk, ended_at=None).exists():
        if time.monotonic() > until:
            raise TimeoutError(f"run {run.pk} of {version} does not end")
        time.sleep(0.05)
    steps = list(run.steps.values_list("state", "began_at", "ended_at"))
    if {state for state, _began, _ended in steps} != {"done"}:
        raise RuntimeError(f"a step of run {run.pk} is not done")
    begun = [began for _state, began, _ended in steps if began]
    ended = [over for _state, _began, over in steps if over]
    return (max(ended) - min(begun)).total_seconds()


def one_by_one(count: int, on: str, *, changes: bool = False) -> float:
    steps = [command(number, on, changes=changes) for number in range(count)]
    return took(book(f"bench-{on}-{int(changes)}", *steps)) / count


def bare_local(count: int) -> float:
    began = time.perf_counter()
    for _ in range(count):
        subprocess.run(["true"], check=True)  # noqa: S607 - as the step does
    return (time.perf_counter() - began) / count


def everywhere(count: int) -> float:
    one = Host.objects.get(name=SANDBOX)
    fields = {"address": one.address, "port": one.port, "user": one.user, "host_key": one.host_key}
    names = [f"bench-{number}" for number in range(count)]
    for name in names:
        Host.objects.update_or_create(name=name, defaults=fields)
    return took(book("bench-everywhere", command(0, names)))


async def bare_once(one: Host) -> None:
    known = asyncssh.import_known_hosts(f"[{one.address}]:{one.port} {one.host_key}\n")
    async with asyncssh.connect(
        one.address, one.port, username=one.user, known_hosts=known, config=None,
        client_keys=[str(settings.SSH_KEY_FILE)], agent_path=None,
    ) as connection:  # fmt: skip
        await connection.run("true", check=True)


async def bare_one_by_one(count: int) -> float:
    one = await Host.objects.aget(name=SANDBOX)
    began = time.perf_counter()
    for _ in range(count):
        await bare_once(one)
    return (time.perf_counter() - began) / count


async def bare_everywhere(count: int) -> float:
    one = await Host.objects.aget(name=SANDBOX)
    began = time.perf_counter()
    await asyncio.gather(*(bare_once(one) for _ in range(count)))
    return time.perf_counter() - began


def a_claim() -> tuple[int, float]:
    """How many steps the run has, and the median of claims. Nothing of it is kept."""
    lanes = {"items": [f"i{number}" for number in range(LANES)], "at_once": 100}
    inner = [command(number, HERE) for number in range(4)]
    with transaction.atomic():
        version = book(
            "bench-long", {"name": "each", "title": TEXT, "for_each": lanes, "steps": inner}
        )
        run = services.start(version, {}, at=clock.database_now(), by=User.objects.earliest("pk"))
        found = []
        for _ in range(CLAIMS):
            began = time.perf_counter()
            services.claim(run.pk, at=clock.database_now(), most=1)
            found.append(time.perf_counter() - began)
        count = run.steps.count()
        transaction.set_rollback(True)
    return count, median(found)


def figures(steps: int, hosts: int) -> dict[str, Any]:
    Host.objects.update_or_create(name=HERE, defaults={"way": Way.LOCAL})
    asyncssh.set_log_level(
        "WARNING"
    )  # as the product does: else the bare one spends its time on its log
    one_by_one(1, SANDBOX)  # a worker loads the wire when it first needs it
    told: dict[str, Any] = {
        "local": one_by_one(steps, HERE), "local_once": one_by_one(steps, HERE, changes=True),
        "bare": bare_local(steps),
        "ssh": one_by_one(steps, SANDBOX), "bare_ssh": asyncio.run(bare_one_by_one(steps)),
        "hosts": everywhere(hosts), "bare_hosts": asyncio.run(bare_everywhere(hosts)),
    }  # fmt: skip
    told["steps"], told["claim"] = a_claim()
    return told


if __name__ == "__main__":
    sys.stdout.write(json.dumps(figures(*map(int, sys.argv[1:3]))))
