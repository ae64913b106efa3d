"""What a step of a runbook costs beyond its command, a hundred hosts at once, and claims of the longest run."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from bench.numbers import milliseconds, ratio
from bench.product import Product
from bench.table import Row

STEPS: Final = 100
HOSTS: Final = 100


def measure(product: Product) -> Iterable[Row]:
    said = json.loads(product.run("-m", "bench.stepping", str(STEPS), str(HOSTS)).splitlines()[-1])
    yield Row(
        f"a step beyond its command, {STEPS} times `true` on this machine",
        milliseconds(said["local"] - said["bare"]),
        f"the bare command {milliseconds(said['bare'])}",
    )
    yield Row(
        "· one that changes something, once under its key",
        milliseconds(said["local_once"] - said["bare"]),
    )
    yield Row(
        "· over SSH, on a server of the sandbox",
        milliseconds(said["ssh"] - said["bare_ssh"]),
        f"bare asyncssh {milliseconds(said['bare_ssh'])}",
    )
    yield Row(
        f"`true` on {HOSTS} hosts at once, over SSH",
        milliseconds(said["hosts"]),
        f"a bare gather of asyncssh {milliseconds(said['bare_hosts'])}",
        ratio(said["bare_hosts"], said["hosts"]),
    )
    yield Row(f"a claim in a run of {said['steps']:,} steps", milliseconds(said["claim"]))
