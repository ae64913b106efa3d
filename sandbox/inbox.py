"""What arrived, and what was refused at the door: in memory, bounded, optionally journalled."""

import asyncio
import json
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any, TextIO

SIZE = 20_000
# Longer than the inbox, so that a late repeat of something already dropped is still seen as one.
REMEMBERED_KEYS = 100_000


@dataclass(slots=True)
class Receipt:
    """One message to one recipient, as that recipient would see it.

    `seal`, where a party sets one, fills in what is costly to read when somebody first looks.
    """

    channel: str
    to: str
    subject: str = ""
    text: str = ""
    html: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    key: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    id: int = 0
    at: str = ""
    duplicate: bool = False
    reason: str = ""
    answers: list[dict[str, Any]] = field(
        default_factory=list
    )  # of the recipient, each with its echo
    edits: int = 0
    seal: Callable[["Receipt"], None] | None = None

    def opened(self) -> "Receipt":
        seal, self.seal = self.seal, None
        if seal:
            seal(self)
        return self

    def as_dict(self) -> dict[str, Any]:
        self.opened()
        return {name: getattr(self, name) for name in FIELDS}


FIELDS = tuple(each.name for each in fields(Receipt) if each.name != "seal")


@dataclass(frozen=True)
class Query:
    """Which receipts are meant; `to` and `containing` match parts, without regard to case."""

    channel: str = ""
    to: str = ""
    containing: str = ""
    since: int = 0
    before: int = 0
    limit: int = 0

    def matches(self, receipt: Receipt) -> bool:
        return (
            self.channel in ("", receipt.channel)
            and (not self.before or receipt.id < self.before)
            and self.to.casefold() in receipt.to.casefold()
            and (not self.containing or self._is_said_in(receipt))
        )

    def _is_said_in(self, receipt: Receipt) -> bool:
        receipt.opened()
        said = "\n".join((receipt.subject, receipt.text, receipt.html))
        return self.containing.casefold() in said.casefold()


EVERYTHING = Query()


class Inbox:
    def __init__(self, *, journal: TextIO | None = None) -> None:
        self.refused: deque[Receipt] = deque(maxlen=SIZE)
        self.changes = 0
        self._receipts: deque[Receipt] = deque(maxlen=SIZE)
        self._journal = journal
        self._last_id = 0
        self._seen: dict[tuple[str, str, str], None] = {}
        self._waiting: list[asyncio.Future[None]] = []
        self._ending = False

    def record(self, receipt: Receipt) -> None:
        self._stamp(receipt)
        receipt.duplicate = self._seen_before(receipt)
        self._receipts.append(receipt)
        self._write(receipt)
        self._wake()

    def refuse(self, receipt: Receipt, *, reason: str) -> None:
        self._stamp(receipt)
        receipt.reason = reason
        self.refused.append(receipt)

    def answered(self, receipt: Receipt, exchange: dict[str, Any]) -> None:
        receipt.answers.append(exchange)
        self.edited(receipt)

    def edited(self, receipt: Receipt) -> None:
        receipt.edits += 1
        self.changes += 1
        self._wake()

    def find(self, query: Query = EVERYTHING) -> list[Receipt]:
        """The matching receipts, newest last; a limit keeps the newest."""
        # Walked from the newest end: who polls with `since` pays for the news only.
        found: list[Receipt] = []
        for receipt in takewhile(lambda each: each.id > query.since, reversed(self._receipts)):
            if query.limit and len(found) == query.limit:
                break
            if query.matches(receipt):
                found.append(receipt)
        return found[::-1]

    async def wait(self, query: Query, *, seconds: float) -> Receipt | None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not (found := self.find(query)) and not self._ending:
                    # What did not match will not later: only news is looked at again.
                    query = replace(query, since=self._last_id)
                    await self._news()
                return found[-1] if found else None
        return None

    def end_waiting(self) -> None:
        self._ending = True
        self._wake()

    def count_by_channel(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for receipt in self._receipts:
            counts[receipt.channel] = counts.get(receipt.channel, 0) + 1
        return counts

    def empty(self) -> None:
        """Start afresh; ids go on counting, so an old `since` stays right."""
        self._receipts.clear()
        self._seen.clear()
        self.changes += 1

    def empty_refused(self) -> None:
        self.refused.clear()
        self.changes += 1

    def _stamp(self, receipt: Receipt) -> None:
        self._last_id += 1
        self.changes += 1
        receipt.id = self._last_id
        receipt.at = datetime.now(UTC).isoformat(timespec="microseconds")

    def _seen_before(self, receipt: Receipt) -> bool:
        if not receipt.key:
            return False
        known = (receipt.channel, receipt.to, receipt.key)
        if known in self._seen:
            return True
        self._seen[known] = None
        if len(self._seen) > REMEMBERED_KEYS:
            del self._seen[next(iter(self._seen))]
        return False

    def _write(self, receipt: Receipt) -> None:
        # Flushed line by line: a checker reads what a killed process left behind.
        if self._journal:
            self._journal.write(json.dumps(receipt.as_dict(), ensure_ascii=False) + "\n")
            self._journal.flush()

    def _wake(self) -> None:
        for future in self._waiting:
            if not future.done():
                future.set_result(None)
        self._waiting.clear()

    async def _news(self) -> None:
        future = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        await future
