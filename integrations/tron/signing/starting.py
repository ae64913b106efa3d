"""What is looked at before the first signature: no key that could do more is ever used."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

from django.conf import settings

from integrations.tron.errors import NodeError
from integrations.tron.facts import Account
from integrations.tron.node import Node
from integrations.tron.nodes import first_node, second_node
from integrations.tron.signing import key
from integrations.tron.signing.key import BadKey, Key
from integrations.tron.signing.ledger import Ledger
from integrations.tron.signing.rules import Rules, overpowered, signs
from integrations.tron.signing.server import Signer, door_at, keep_memory_to_ourselves
from integrations.tron.signing.watching import Permissions

log = logging.getLogger(__name__)

PAUSE: Final = 1.0
PATIENCE: Final = 60.0  # seconds for a node that starts beside us


def run() -> None:
    """Until it is ended. Raises BadKey, LedgerError, ValueError or NodeError before it begins."""
    keep_memory_to_ourselves()
    keys = configured_keys()
    rules = configured_rules()
    by_owner = keys_by_owner(keys, rules, first_node(), patience=PATIENCE)
    door = Path(settings.TRON_SIGNER_SOCKET)
    door.parent.mkdir(parents=True, exist_ok=True)
    # The books first: whoever holds them owns the door as well.
    with Ledger(Path(settings.TRON_SIGNER_LEDGER)) as ledger, door_at(door) as listening:
        log.warning("signing for %s", ", ".join(sorted(by_owner)))
        permissions = Permissions(
            by_owner, rules, [node for node in (first_node(), second_node()) if node],
            every=settings.TRON_SIGNER_LOOK_EVERY, unseen_after=settings.TRON_SIGNER_UNSEEN_AFTER,
        )  # fmt: skip
        permissions.watch()
        Signer(by_owner, rules, ledger, permissions).serve(listening)


def configured_keys() -> Sequence[Key]:
    """From the environment, which then forgets it, or from a file; the sandbox's for its own chain."""
    text = os.environ.pop("TRON_KEY", "")
    if text:
        return key.from_text(text)
    if settings.TRON_KEY_FILE:
        return key.from_file(Path(settings.TRON_KEY_FILE))
    if not settings.TRON_SANDBOX:
        raise BadKey("there is no key: set TRON_KEY_FILE, or TRON_KEY in this process alone")
    named = (f"bongsu sandbox {name} emergency" for name in settings.TRON_SANDBOX)
    return [Key(sha256(name.encode()).hexdigest()) for name in named]


def configured_rules() -> Rules:
    return Rules(
        owners=frozenset(settings.TRON_SIGNER_OWNERS),
        receivers=frozenset(settings.TRON_SIGNER_RECEIVERS),
        types=frozenset(settings.TRON_SIGNER_TYPES),
        permission_id=settings.TRON_PERMISSION_ID,
        sun_each=settings.TRON_SIGNER_MAX_SUN,
        sun_a_day=settings.TRON_SIGNER_DAY_SUN,
        count_a_day=settings.TRON_SIGNER_DAY_COUNT,
    )


def keys_by_owner(
    keys: Iterable[Key], rules: Rules, node: Node, *, patience: float
) -> Mapping[str, Key]:
    """Which key signs for whom. Raises BadKey when one of them may do more than the rules would."""
    found: dict[str, Key] = {}
    for owner in sorted(rules.owners):
        account = _patiently(node, owner, until=time.monotonic() + patience)
        for each in keys:
            if reason := overpowered(account, each.address, rules.permission_id):
                raise BadKey(f"{each.address} is not used for {owner}: {reason}")
            if signs(account, each.address, rules.permission_id):
                found[owner] = each
        if owner not in found:
            raise BadKey(f"no key is in permission {rules.permission_id} of {owner}")
    return found


def _patiently(node: Node, owner: str, *, until: float) -> Account:
    while True:
        try:
            return node.account(owner)
        except NodeError:
            if time.monotonic() > until:
                raise
            time.sleep(PAUSE)
