"""What the chain lets our keys do, looked at again and again: a permission can be widened after the start."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping, Sequence

from integrations.tron.errors import NodeError
from integrations.tron.facts import Account
from integrations.tron.node import Node
from integrations.tron.signing.key import Key
from integrations.tron.signing.rules import Rules, overpowered, signs

log = logging.getLogger(__name__)


class Permissions:
    """Fails closed: what was not seen for long is as bad as what is wrong."""

    def __init__(
        self,
        keys: Mapping[str, Key],
        rules: Rules,
        nodes: Sequence[Node],
        *,
        every: float,
        unseen_after: float,
    ) -> None:
        """`keys`: each owner's, as they were found at the start. Times in seconds."""
        self._keys, self._rules, self._nodes = keys, rules, nodes
        self._every, self._unseen_after = every, unseen_after
        self._wrong, self._seen_at = "", time.monotonic()

    def refusal(self) -> str | None:
        """Why nothing is signed now; None when the last look was good and lately."""
        if self._wrong:
            return self._wrong
        unseen = time.monotonic() - self._seen_at
        if unseen > self._unseen_after:
            return f"what the key may do was not seen for {round(unseen)} s"
        return None

    def watch(self) -> None:
        """In a thread of its own. Should it die, nothing is seen any more, and nothing signed."""
        threading.Thread(target=self._run, name="permissions", daemon=True).start()

    def _run(self) -> None:
        while True:
            time.sleep(self._every)
            self.look()

    def look(self) -> None:
        """A single node that tells of more is believed; one that says nothing has said nothing."""
        seen, wrong = False, ""
        for node in self._nodes:
            try:
                found = self._found(node)
            except NodeError as error:
                log.warning("permissions: %s", error)
                continue
            seen, wrong = True, wrong or found
        if not seen:
            return
        if wrong and wrong != self._wrong:
            log.error("nothing is signed any more: %s", wrong)
        self._wrong, self._seen_at = wrong, time.monotonic()

    def _found(self, node: Node) -> str:
        for owner in self._keys:
            if wrong := self._wrong_with(node.account(owner)):
                return f"{owner}: {wrong}"
        return ""

    def _wrong_with(self, account: Account) -> str | None:
        permission = self._rules.permission_id
        for key in self._keys.values():
            if wrong := overpowered(account, key.address, permission):
                return wrong
        if not signs(account, self._keys[account.address].address, permission):
            return f"the key is not in permission {permission} any more"
        return None
