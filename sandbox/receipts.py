"""What Twilio tells of its own accord: what became of a text or a call, to the address it was given."""

import asyncio
from collections.abc import Callable, Sequence

from sandbox.inbox import Receipt
from sandbox.outward import post_form

SOON = 0.05  # seconds; the answer to the request itself is out by then
AT_ONCE = 8


class Callbacks:
    """Sent in their order for one message, for several messages side by side."""

    def __init__(self, token_of: Callable[[str], str]) -> None:
        self._token_of, self._room = token_of, asyncio.Semaphore(AT_ONCE)
        self._under_way: set[asyncio.Task[None]] = set()

    def tell(self, receipt: Receipt, statuses: Sequence[str], *, error: str = "") -> None:
        if address := receipt.headers.get("StatusCallback", ""):
            task = asyncio.create_task(self._tell(address, receipt, statuses, error))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def _tell(
        self, address: str, receipt: Receipt, statuses: Sequence[str], error: str
    ) -> None:
        await asyncio.sleep(SOON)
        for status in statuses:
            async with self._room:
                token = self._token_of(receipt.details["account"])
                await post_form(address, _fields(receipt, status, error), token)


def _fields(receipt: Receipt, status: str, error: str) -> dict[str, str]:
    kind = {"sms": "Message", "voice": "Call"}[receipt.channel]
    fields = {
        "ApiVersion": "2010-04-01",
        "AccountSid": receipt.details["account"],
        f"{kind}Sid": receipt.details["sid"],
        f"{kind}Status": status,
        "From": receipt.headers.get("From", ""),
        "To": receipt.to,
    }
    return fields | ({"ErrorCode": error} if error else {})
